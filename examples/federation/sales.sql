SELECT r.region, count(*) AS orders, round(sum(o.amount), 2) AS total
FROM orders o
JOIN users u ON u.id = o.customer_id
JOIN regions r ON r.state = u.addresses[1].state
GROUP BY r.region
