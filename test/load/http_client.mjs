// One connection of the load run: asks over HTTP/1.1, one request after the other, and checks what
// comes. Now and then it is cut in the middle.
import { connect } from 'node:net';

// Resolves when the connection has ended. `next()` gives {body, check(text)} or null to end; `cutAfter()` gives the
// bytes after which a response is cut off, or Infinity. Throws what a check throws.
export function runHttpClient(port, { next, cutAfter, counts }) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let question = null;
    let received = Buffer.alloc(0);
    let total = 0;
    let limit = Infinity;

    const end = (error) => {
      socket.destroy();
      error ? reject(error) : resolve();
    };
    const ask = () => {
      question = next();
      if (question === null) return end();
      received = Buffer.alloc(0);
      total = 0;
      limit = cutAfter();
      socket.write(
        `POST /v1/sql HTTP/1.1\r\nHost: load\r\nContent-Type: text/plain\r\nAccept: text/csv\r\nCache-Control: no-cache\r\n` +
          `Content-Length: ${Buffer.byteLength(question.body)}\r\n\r\n${question.body}`,
      );
      if (limit === 0) {
        ++counts.cut;
        end();
      }
    };
    // The body of a whole response, or null.
    const whole = () => {
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd < 0) return null;
      const head = received.subarray(0, headEnd).toString();
      const rest = received.subarray(headEnd + 4);
      const status = Number(head.slice(9, 12));
      const length = /Content-Length: (\d+)/i.exec(head);
      if (length) return rest.length >= Number(length[1]) ? { status, text: rest.toString() } : null;
      if (!rest.subarray(-5).equals(Buffer.from('0\r\n\r\n'))) return null;
      const pieces = [];
      for (let at = 0; ; ) {
        const lineEnd = rest.indexOf('\r\n', at);
        const size = Number.parseInt(rest.subarray(at, lineEnd).toString(), 16);
        if (size === 0) return { status, text: Buffer.concat(pieces).toString() };
        pieces.push(rest.subarray(lineEnd + 2, lineEnd + 2 + size));
        at = lineEnd + 2 + size + 2;
      }
    };
    socket.on('connect', ask);
    socket.on('data', (bytes) => {
      total += bytes.length;
      received = Buffer.concat([received, bytes]);
      if (total >= limit) {
        ++counts.cut;
        return end();
      }
      const response = whole();
      if (response === null) return;
      if (response.status === 503) {
        ++counts.refused;
      } else if (response.status !== 200) {
        return end(new Error(`${response.status}: ${response.text.slice(0, 200)}`));
      } else {
        try {
          question.check(response.text);
        } catch (error) {
          return end(error);
        }
        ++counts.answered;
      }
      ask();
    });
    // A server that is full says so and leaves.
    socket.on('error', () => end());
    socket.on('close', () => end());
  });
}
