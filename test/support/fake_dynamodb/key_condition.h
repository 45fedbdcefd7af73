// What a KeyConditionExpression may say, and which keys it selects.
#pragma once

#include <string>
#include <vector>

#include "fake_dynamodb/condition.h"
#include "fake_dynamodb/service_error.h"
#include "fake_dynamodb/stored_item.h"

namespace sumac::fake_dynamodb {

// What is said of one key attribute: it is the first operand of this.
struct KeyTest {
  std::string attribute;
  ConditionKind kind = ConditionKind::kEqual;
  std::vector<AttributeValue> values;  // two of BETWEEN, else one
};

// Refuses what no key condition may have, whatever the table is.
Answer<std::vector<KeyTest>> KeyTestsOf(const Condition& condition);

// One partition, and in it neighbours by the sort key.
struct KeyRange {
  KeyPosition partition;            // without sort values
  std::vector<KeyTest> sort_tests;  // of the schema's first sort attributes, in their order

  bool Contains(const KeyPosition& position) const;
};

// Refuses tests that do not fit the schema: each attribute that makes the partition must be equal
// to something; sort attributes follow each other, and only the last may be in a range.
Answer<KeyRange> MakeKeyRange(const std::vector<KeyTest>& tests, const KeySchema& schema);

}  // namespace sumac::fake_dynamodb
