#include "fake_dynamodb/condition_parser.h"

#include <charconv>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "fake_dynamodb/condition_lexer.h"
#include "fake_dynamodb/operand_checks.h"

namespace sumac::fake_dynamodb {
namespace {

constexpr size_t kExpressionBytesMax = 4096;
// Nesting without operators is redundant parentheses, so this bounds the depth as well.
constexpr int kOperatorsMax = 300;

// What stands between two operators: an operand, until a comparison makes it a condition.
struct Term {
  bool is_operand = false;
  Operand operand;
  Condition condition;
};

// Recursive descent. A syntax error ends it; other complaints are collected, as the service looks
// at the syntax first.
class Parser {
 public:
  Parser(std::string_view expression, ExpressionScope& scope)
      : expression_(expression), tokens_(SplitExpression(expression)), scope_(scope) {}

  // The condition, or what is wrong.
  tl::expected<Condition, std::string> Parse() {
    auto term = ParseOr();
    if (!failed_ && Next().kind != TokenKind::kEnd) FailHere();
    if (failed_) return tl::unexpected(failure_);
    auto condition = AsCondition(std::move(term));
    if (failed_) return tl::unexpected(failure_);
    if (operator_count_ > kOperatorsMax) {
      Complain(Complaint::kTooMany,
               fmt::format("The expression contains too many operators; operator count: {}",
                           operator_count_));
    }
    if (!complaints_.empty()) return tl::unexpected(complaints_.begin()->second);
    return condition;
  }

 private:
  const Token& Next() const { return tokens_[position_]; }
  bool IsSymbol(std::string_view symbol) const {
    return Next().kind == TokenKind::kSymbol && Next().text == symbol;
  }
  bool TakeSymbol(std::string_view symbol) {
    if (!IsSymbol(symbol)) return false;
    ++position_;
    return true;
  }
  bool TakeKeyword(std::string_view keyword) {
    if (!IsKeyword(Next(), keyword)) return false;
    ++position_;
    return true;
  }
  void Expect(std::string_view symbol) {
    if (!failed_ && !TakeSymbol(symbol)) FailHere();
  }
  void FailHere() { Fail(SyntaxError(expression_, tokens_, position_)); }
  void Fail(std::string why) {
    if (!failed_) failure_ = std::move(why);
    failed_ = true;
  }
  void Complain(Complaint kind, std::string text) { complaints_.emplace(kind, std::move(text)); }

  Condition AsCondition(Term term) {
    if (failed_ || !term.is_operand) return std::move(term.condition);
    if (term.operand.is_size) {
      Complain(Complaint::kMisusedFunction, Misused("size"));
    } else {
      FailHere();
    }
    return {};
  }

  Operand AsOperand(Term term) {
    if (!failed_ && !term.is_operand) {
      // A comparison in place of an operand is no syntax; a function is, but is misused.
      if (term.condition.kind >= ConditionKind::kAttributeExists) {
        Complain(Complaint::kMisusedFunction, Misused(NameOf(term.condition.kind)));
      } else if (complaints_.empty()) {
        FailHere();
      }
    }
    return std::move(term.operand);
  }

  static std::string Misused(std::string_view function) {
    return fmt::format(
        "The function is not allowed to be used this way in an expression; function: {}", function);
  }

  Term ParseOr() { return ParseChain("OR", ConditionKind::kOr, &Parser::ParseAnd); }
  Term ParseAnd() { return ParseChain("AND", ConditionKind::kAnd, &Parser::ParseNot); }

  Term ParseChain(std::string_view keyword, ConditionKind kind, Term (Parser::*parse_part)()) {
    Term first = (this->*parse_part)();
    if (failed_ || !IsKeyword(Next(), keyword)) return first;
    Term chain;
    chain.condition.kind = kind;
    chain.condition.children.push_back(AsCondition(std::move(first)));
    while (!failed_ && TakeKeyword(keyword)) {
      ++operator_count_;
      chain.condition.children.push_back(AsCondition((this->*parse_part)()));
    }
    return chain;
  }

  Term ParseNot() {
    if (!TakeKeyword("NOT")) return ParseComparison();
    ++operator_count_;
    if (++depth_ > kOperatorsMax) Fail("The expression contains too many operators;");
    if (failed_) return {};
    Term negation;
    negation.condition.kind = ConditionKind::kNot;
    negation.condition.children.push_back(AsCondition(ParseNot()));
    --depth_;
    return negation;
  }

  Term ParseComparison() {
    static const std::map<std::string_view, ConditionKind> kComparisons = {
        {"=", ConditionKind::kEqual},   {"<>", ConditionKind::kNotEqual},
        {"<", ConditionKind::kLess},    {"<=", ConditionKind::kLessOrEqual},
        {">", ConditionKind::kGreater}, {">=", ConditionKind::kGreaterOrEqual},
    };
    Term first = ParsePrimary();
    if (failed_) return first;
    Term term;
    auto& [kind, children, operands] = term.condition;
    const auto comparison =
        Next().kind == TokenKind::kSymbol ? kComparisons.find(Next().text) : kComparisons.end();
    if (comparison != kComparisons.end()) {
      operands.push_back(AsOperand(std::move(first)));
      ++position_;
      kind = comparison->second;
      operands.push_back(AsOperand(ParsePrimary()));
    } else if (TakeKeyword("BETWEEN")) {
      kind = ConditionKind::kBetween;
      operands.push_back(AsOperand(std::move(first)));
      operands.push_back(AsOperand(ParsePrimary()));
      if (!failed_ && !TakeKeyword("AND")) FailHere();
      operands.push_back(AsOperand(ParsePrimary()));
    } else if (TakeKeyword("IN")) {
      kind = ConditionKind::kIn;
      operands.push_back(AsOperand(std::move(first)));
      Expect("(");
      ParseOperands(operands);
    } else {
      return first;
    }
    ++operator_count_;
    if (!failed_) CheckOperands(term.condition, complaints_);
    return term;
  }

  // Up to and with the closing parenthesis.
  void ParseOperands(std::vector<Operand>& operands) {
    do {
      operands.push_back(AsOperand(ParsePrimary()));
    } while (!failed_ && TakeSymbol(","));
    Expect(")");
  }

  Term ParsePrimary() {
    if (failed_) return {};
    if (TakeSymbol("(")) return ParseParentheses();
    Term term;
    term.is_operand = true;
    if (Next().kind == TokenKind::kValuePlaceholder) {
      term.operand.value = TakeValue();
      return term;
    }
    for (const auto* keyword : {"AND", "OR", "NOT", "BETWEEN", "IN"}) {
      if (IsKeyword(Next(), keyword)) FailHere();
    }
    if (failed_) return {};
    const bool is_word = Next().kind == TokenKind::kWord;
    if (is_word && tokens_[position_ + 1].text == "(") return ParseFunction();
    if (!is_word && Next().kind != TokenKind::kNamePlaceholder) {
      FailHere();
      return {};
    }
    ParsePath(term.operand.path);
    return term;
  }

  Term ParseParentheses() {
    const bool doubled = IsSymbol("(");
    if (++depth_ > kOperatorsMax) Fail("The expression has redundant parentheses;");
    if (failed_) return {};
    const size_t inner_begin = position_;
    Term term = ParseOr();
    --depth_;
    // "((a) = :v)" is not redundant: the inner pair must reach to the outer one.
    const bool reaches = doubled && closed_by_[inner_begin] + 1 == position_;
    if (!failed_ && reaches) {
      Complain(Complaint::kParentheses, "The expression has redundant parentheses;");
    }
    closed_by_[inner_begin - 1] = position_;
    Expect(")");
    return term;
  }

  Term ParseFunction() {
    static const std::map<std::string_view, std::pair<ConditionKind, size_t>> kFunctions = {
        {"attribute_exists", {ConditionKind::kAttributeExists, 1}},
        {"attribute_not_exists", {ConditionKind::kAttributeNotExists, 1}},
        {"attribute_type", {ConditionKind::kAttributeType, 2}},
        {"begins_with", {ConditionKind::kBeginsWith, 2}},
        {"contains", {ConditionKind::kContains, 2}},
        {"size", {ConditionKind::kEqual, 1}},
    };
    const auto name = Next().text;
    position_ += 2;
    ++operator_count_;
    std::vector<Operand> operands;
    if (++depth_ > kOperatorsMax) Fail("The expression contains too many operators;");
    if (!failed_) ParseOperands(operands);
    --depth_;
    if (failed_) return {};
    Term term;
    const auto function = kFunctions.find(name);
    if (function == kFunctions.end()) {
      Complain(Complaint::kUnknownFunction,
               fmt::format("Invalid function name; function: {}", name));
      return term;
    }
    const auto& [kind, operand_count] = function->second;
    const bool counted = operands.size() == operand_count;
    if (!counted) {
      Complain(Complaint::kOperandCount,
               fmt::format("Incorrect number of operands for operator or function; operator or "
                           "function: {}, number of operands: {}",
                           name, operands.size()));
    }
    if (name == "size") {
      if (counted) CheckSizeOperand(operands[0], complaints_);
      term.is_operand = true;
      term.operand = std::move(operands[0]);
      term.operand.is_size = true;
      return term;
    }
    term.condition.kind = kind;
    term.condition.operands = std::move(operands);
    if (counted) CheckOperands(term.condition, complaints_);
    return term;
  }

  AttributeValue TakeValue() {
    const auto placeholder = tokens_[position_++].text;
    if (const auto* value = scope_.UseValue(placeholder)) return *value;
    Complain(Complaint::kPlaceholder,
             fmt::format("An expression attribute value used in expression is not defined; "
                         "attribute value: {}",
                         placeholder));
    return {};
  }

  void ParsePath(DocumentPath& path) {
    ParseName(path);
    while (!failed_) {
      if (TakeSymbol(".")) {
        ParseName(path);
      } else if (TakeSymbol("[")) {
        size_t index = 0;
        const auto text = Next().text;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
        if (Next().kind != TokenKind::kNumber || error != std::errc{}) {
          FailHere();
          return;
        }
        ++position_;
        path.push_back({"", index});
        Expect("]");
      } else {
        return;
      }
    }
  }

  void ParseName(DocumentPath& path) {
    const auto& token = Next();
    if (token.kind == TokenKind::kWord) {
      if (IsReservedWord(token.text)) {
        Complain(
            Complaint::kReservedWord,
            fmt::format("Attribute name is a reserved keyword; reserved keyword: {}", token.text));
      }
      path.push_back({std::string(token.text), std::nullopt});
    } else if (token.kind == TokenKind::kNamePlaceholder) {
      const auto* name = scope_.UseName(token.text);
      if (name == nullptr) {
        Complain(Complaint::kPlaceholder,
                 fmt::format("An expression attribute name used in the document path is not "
                             "defined; attribute name: {}",
                             token.text));
      }
      path.push_back({name == nullptr ? std::string() : *name, std::nullopt});
    } else {
      FailHere();
      return;
    }
    ++position_;
  }

  const std::string_view expression_;
  const std::vector<Token> tokens_;
  ExpressionScope& scope_;
  size_t position_ = 0;
  int depth_ = 0;
  int operator_count_ = 0;
  std::map<size_t, size_t> closed_by_;  // from a "(" to its ")"
  Complaints complaints_;
  bool failed_ = false;
  std::string failure_;
};

}  // namespace

Answer<Condition> ParseCondition(std::string_view expression, std::string_view member,
                                 ExpressionScope& scope) {
  const auto invalid = [member](std::string_view why) {
    return Refuse(ValidationError(fmt::format("Invalid {}: {}", member, why)));
  };
  if (expression.empty()) return invalid("The expression can not be empty;");
  if (expression.size() > kExpressionBytesMax) {
    return invalid(
        fmt::format("Expression size has exceeded the maximum allowed size; expression size: {}",
                    expression.size()));
  }
  auto condition = Parser(expression, scope).Parse();
  if (!condition) return invalid(condition.error());
  return std::move(*condition);
}

}  // namespace sumac::fake_dynamodb
