#include "datasets/dynamodb_parameters.h"

#include <charconv>

#include "items/time_layout.h"
#include "spicepod/value_text.h"

namespace sumac::datasets {
namespace {

constexpr int kSegmentsMax = 1'000'000;  // the service's own bound
constexpr int kConcurrencyMax = 256;
constexpr double kReadUnitsMax = 1e9;  // beyond any table
constexpr double kBudgetUnitsMax = 1e15;
constexpr double kBudgetUnitsMin = 0.5;  // nothing can be read for less
constexpr double kDollarsMax = 1e9;
constexpr int kUnnestDepthMax = 32;  // the service's bound on nesting
constexpr std::chrono::seconds kRefreshIntervalMin{1};
constexpr std::chrono::hours kRefreshIntervalMax{24 * 365};

// Reads typed values out of the checked parameters; keeps the first error.
class ParameterReader {
 public:
  explicit ParameterReader(const std::map<std::string, SecretString>& parameters)
      : parameters_(parameters) {}

  // Null when the parameter is not given.
  const SecretString* Find(const char* name) const {
    const auto found = parameters_.find(name);
    return found == parameters_.end() ? nullptr : &found->second;
  }

  std::string Text(const char* name) const {
    const auto* value = Find(name);
    return value == nullptr ? "" : value->Reveal();
  }

  SecretString Secret(const char* name) const {
    const auto* value = Find(name);
    return value == nullptr ? SecretString() : *value;
  }

  // An integer from `min` to `max`, or `word` for nothing.
  template <typename T>
  void NumberOrWord(const char* name, const char* word, T min, T max, std::optional<T>& out) {
    const auto* value = Find(name);
    if (value == nullptr) return;
    const std::string& text = value->Reveal();
    if (word != nullptr && text == word) {
      out.reset();
      return;
    }
    T number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size() && number >= min &&
        number <= max) {
      out = number;
      return;
    }
    std::string takes = "an integer from " + std::to_string(min) + " to " + std::to_string(max);
    if (word != nullptr) takes += " or '" + std::string(word) + "'";
    Refuse(name, text, takes);
  }

  // A decimal from `min` to `max`, or `word` for nothing.
  void AmountOrWord(const char* name, const char* word, double min, double max, const char* takes,
                    std::optional<double>& out) {
    const auto* value = Find(name);
    if (value == nullptr) return;
    const std::string& text = value->Reveal();
    if (word != nullptr && text == word) {
      out.reset();
      return;
    }
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    // Written so that what is not a number is refused too.
    const bool within = number >= min && number <= max;
    if (error == std::errc() && end == text.data() + text.size() && within) {
      out = number;
    } else {
      Refuse(name, text, takes);
    }
  }

  void Boolean(const char* name, bool& out) {
    const auto* value = Find(name);
    if (value == nullptr) return;
    if (value->Reveal() == "true" || value->Reveal() == "false") {
      out = value->Reveal() == "true";
    } else {
      Refuse(name, value->Reveal(), "true or false");
    }
  }

  // One of the words of `choices`.
  template <typename T>
  void Choice(const char* name, const std::vector<std::pair<const char*, T>>& choices, T& out) {
    const auto* value = Find(name);
    if (value == nullptr) return;
    std::string takes;
    for (const auto& [word, choice] : choices) {
      if (value->Reveal() == word) {
        out = choice;
        return;
      }
      takes += (takes.empty()                  ? ""
                : word == choices.back().first ? " or "
                                               : ", ") +
               std::string(word);
    }
    Refuse(name, value->Reveal(), takes);
  }

  void RefreshInterval(const char* name, std::optional<std::chrono::milliseconds>& out) {
    const auto* value = Find(name);
    if (value == nullptr) return;
    const auto duration = spicepod::ParseDuration(value->Reveal());
    if (duration && *duration >= kRefreshIntervalMin && *duration <= kRefreshIntervalMax) {
      out = std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
    } else {
      Refuse(name, value->Reveal(), "a duration from 1s to 365d, such as 10m");
    }
  }

  // "50%" or "500".
  void ReadCapacity(const char* name, std::optional<ReadCapacityBound>& out) {
    const auto* value = Find(name);
    if (value == nullptr) return;
    std::string_view text = value->Reveal();
    ReadCapacityBound bound;
    bound.is_percent = text.ends_with('%');
    if (bound.is_percent) text.remove_suffix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bound.amount,
                                              std::chars_format::fixed);
    const double max = bound.is_percent ? 100 : kReadUnitsMax;
    // Written so that what is not a number is refused too.
    const bool within = bound.amount > 0 && bound.amount <= max;
    if (error == std::errc() && end == text.data() + text.size() && within) {
      out = bound;
    } else {
      Refuse(name, value->Reveal(),
             "a share of the table's throughput such as 50% or read units a second such as 500");
    }
  }

  void Refuse(const char* name, const std::string& text, const std::string& takes) {
    if (!status_) return;
    status_ = Fail(ErrorCode::kInvalidArgument,
                   "parameter '" + std::string(name) + "' takes " + takes + ", not '" + text + "'");
  }

  const Status& status() const { return status_; }

 private:
  const std::map<std::string, SecretString>& parameters_;
  Status status_;
};

tl::unexpected<Error> Contradiction(const std::string& message) {
  return Fail(ErrorCode::kInvalidArgument, message);
}

// The two keys and the token; empty when none is given.
Result<aws::Credentials> ParseKeys(const ParameterReader& reader) {
  aws::Credentials keys;
  keys.access_key_id = reader.Text("aws_access_key_id");
  keys.secret_access_key = reader.Secret("aws_secret_access_key");
  keys.session_token = reader.Secret("aws_session_token");
  if (keys.access_key_id.empty() != keys.secret_access_key.empty()) {
    const std::string missing = keys.access_key_id.empty() ? "dynamodb_aws_access_key_id"
                                                           : "dynamodb_aws_secret_access_key";
    return Contradiction("parameter '" + missing +
                         "' is missing or empty: give both keys, or neither to have credentials "
                         "looked for");
  }
  if (keys.access_key_id.empty() && !keys.session_token.empty()) {
    return Contradiction("dynamodb_aws_session_token is given without the two keys it belongs to");
  }
  return keys;
}

Result<aws::CredentialsKind> ParseRoleSource(const ParameterReader& reader) {
  const std::string text = reader.Text("aws_iam_role_source");
  if (text.empty() || text == "auto") return aws::CredentialsKind::kAutomatic;
  if (text == "metadata") return aws::CredentialsKind::kMetadata;
  if (text == "env") return aws::CredentialsKind::kEnvironment;
  return Contradiction(
      "parameter 'dynamodb_aws_iam_role_source' takes auto, metadata or env, not '" + text + "'");
}

// What the types and columns are to be.
Status ParseSchemaOptions(ParameterReader& reader, items::SchemaOptions& schema) {
  using items::MismatchAction;
  using items::NumberType;
  reader.Choice<NumberType>("number_type",
                            {{"auto", NumberType::kAuto},
                             {"double", NumberType::kDouble},
                             {"decimal", NumberType::kDecimal},
                             {"string", NumberType::kString}},
                            schema.number_type);
  reader.Choice<MismatchAction>(
      "on_type_mismatch", {{"null", MismatchAction::kNull}, {"error", MismatchAction::kError}},
      schema.on_type_mismatch);
  reader.NumberOrWord<int>("unnest_depth", nullptr, 0, kUnnestDepthMax, schema.unnest_depth);
  SUMAC_RETURN_IF_ERROR(reader.status());
  const std::string layout = reader.Text("time_format");
  if (layout.empty()) return {};
  auto parsed = items::TimeLayout::Parse(layout);
  if (!parsed) return Fail(std::move(parsed).error().WithContext("parameter 'time_format'"));
  schema.time_layout = std::make_shared<const items::TimeLayout>(*std::move(parsed));
  return {};
}

void ParseBudget(ParameterReader& reader, DynamoDbParameters& parsed) {
  auto& budget = parsed.query_budget;
  reader.AmountOrWord("query_budget_rcu", "none", kBudgetUnitsMin, kBudgetUnitsMax,
                      "read units from 0.5, such as 10000, or 'none'", budget.read_units);
  reader.AmountOrWord("query_budget_dollars", "none", 1e-9, kDollarsMax,
                      "dollars above 0, such as 0.05, or 'none'", budget.dollars);
  reader.Boolean("allow_full_scan", budget.allow_full_scan);
  reader.AmountOrWord("read_price_per_million", nullptr, 0, kDollarsMax,
                      "dollars for a million read units, such as 0.125",
                      parsed.read_price_per_million);
}

// Which of the ways to credentials was chosen.
Status ParseCredentials(const ParameterReader& reader, DynamoDbParameters& parsed) {
  auto& credentials = parsed.credentials;
  SUMAC_ASSIGN_OR_RETURN(auto keys, ParseKeys(reader));
  SUMAC_ASSIGN_OR_RETURN(credentials.kind, ParseRoleSource(reader));
  credentials.role_arn = reader.Text("aws_role_arn");
  credentials.external_id = reader.Text("aws_external_id");
  if (credentials.role_arn.empty() && !credentials.external_id.empty()) {
    return Contradiction("dynamodb_aws_external_id is given without dynamodb_aws_role_arn");
  }
  const std::string auth = reader.Text("aws_auth");
  const bool has_keys = !keys.access_key_id.empty();
  if (!auth.empty() && auth != "key" && auth != "iam_role") {
    return Contradiction("parameter 'dynamodb_aws_auth' takes key or iam_role, not '" + auth + "'");
  }
  if (auth == "key" && !has_keys) {
    return Contradiction(
        "dynamodb_aws_auth is 'key': give dynamodb_aws_access_key_id and "
        "dynamodb_aws_secret_access_key");
  }
  const bool use_keys = has_keys && auth != "iam_role";
  if (has_keys && !use_keys) {
    parsed.warnings.push_back(
        "dynamodb_aws_auth is 'iam_role', so the keys that are given are not used");
  }
  const bool use_profile = !parsed.profile_name.empty();
  const bool named_source = credentials.kind != aws::CredentialsKind::kAutomatic;
  if (use_keys + use_profile + named_source > 1) {
    return Contradiction(
        "credentials are to come from more than one place; give one of the two keys, "
        "dynamodb_aws_profile and dynamodb_aws_iam_role_source");
  }
  if (use_keys) {
    credentials.kind = aws::CredentialsKind::kKeys;
    credentials.keys = std::move(keys);
  } else if (use_profile) {
    credentials.kind = aws::CredentialsKind::kProfile;
    credentials.profile_name = parsed.profile_name;
  }
  return {};
}

}  // namespace

const std::vector<spicepod::ParameterSpecification>& DynamoDbParameterSpecifications() {
  using Prefix = spicepod::ParameterSpecification::Prefix;
  static const std::vector<spicepod::ParameterSpecification> specifications = {
      {"aws_region", Prefix::kRequired, false, true},
      {"aws_access_key_id", Prefix::kRequired, true, true},
      {"aws_secret_access_key", Prefix::kRequired, true, true},
      {"aws_session_token", Prefix::kRequired, true, true},
      {"aws_auth", Prefix::kRequired, false, true},
      {"aws_iam_role_source", Prefix::kRequired, false, true},
      {"aws_profile", Prefix::kRequired, false, true},
      {"aws_role_arn", Prefix::kRequired, false, true},
      {"aws_external_id", Prefix::kRequired, true, true},
      {"endpoint_url", Prefix::kOptional, false, true},
      {"schema_infer_max_records", Prefix::kOptional, false, true},
      {"scan_segments", Prefix::kOptional, false, true},
      {"scan_concurrency", Prefix::kOptional, false, true},
      {"read_capacity", Prefix::kOptional, false, true},
      {"consistent_read", Prefix::kOptional, false, true},
      {"compression", Prefix::kOptional, false, true},
      {"pushdown", Prefix::kOptional, false, true},
      {"query_budget_rcu", Prefix::kOptional, false, true},
      {"query_budget_dollars", Prefix::kOptional, false, true},
      {"allow_full_scan", Prefix::kOptional, false, true},
      {"read_price_per_million", Prefix::kOptional, false, true},
      {"number_type", Prefix::kOptional, false, true},
      {"on_type_mismatch", Prefix::kOptional, false, true},
      {"time_format", Prefix::kOptional, false, true},
      {"unnest_depth", Prefix::kOptional, false, true},
      {"schema_refresh_interval", Prefix::kOptional, false, true},
      // Spice's that are known and not acted on yet.
      {"scan_interval", Prefix::kOptional, false, false},
      {"replication_ready_lag", Prefix::kRequired, false, false},
      {"replication_initial_snapshot", Prefix::kRequired, false, false},
      {"replication_invalid_checkpoint_behavior", Prefix::kRequired, false, false},
      {"ready_lag", Prefix::kOptional, false, false},
      {"lag_exceeds_shard_retention_behavior", Prefix::kOptional, false, false},
      {"write_parallelism", Prefix::kOptional, false, false},
  };
  return specifications;
}

Result<DynamoDbParameters> ParseDynamoDbParameters(
    const std::map<std::string, SecretString>& parameters) {
  ParameterReader reader(parameters);
  DynamoDbParameters parsed;
  parsed.region = reader.Text("aws_region");
  parsed.endpoint_url = reader.Text("endpoint_url");
  parsed.profile_name = reader.Text("aws_profile");
  reader.NumberOrWord<uint64_t>("schema_infer_max_records", "all", 1, 1'000'000'000,
                                parsed.schema_infer_max_records);
  reader.NumberOrWord<int>("scan_segments", "auto", 1, kSegmentsMax, parsed.scan_segments);
  reader.NumberOrWord<int>("scan_concurrency", "auto", 1, kConcurrencyMax, parsed.scan_concurrency);
  reader.ReadCapacity("read_capacity", parsed.read_capacity);
  reader.Boolean("consistent_read", parsed.consistent_read);
  using dynamodb::Compression;
  reader.Choice<Compression>(
      "compression",
      {{"auto", Compression::kAuto}, {"on", Compression::kOn}, {"off", Compression::kOff}},
      parsed.compression);
  reader.Choice<bool>("pushdown", {{"on", true}, {"off", false}}, parsed.pushdown);
  ParseBudget(reader, parsed);
  reader.RefreshInterval("schema_refresh_interval", parsed.schema_refresh_interval);
  SUMAC_RETURN_IF_ERROR(reader.status());

  SUMAC_RETURN_IF_ERROR(ParseSchemaOptions(reader, parsed.schema));
  SUMAC_RETURN_IF_ERROR(ParseCredentials(reader, parsed));
  return parsed;
}

}  // namespace sumac::datasets
