#include "items/schema_news.h"

#include "items/attribute_summary.h"
#include "net/transport.h"

namespace sumac::items {

std::string_view JsonObjectText(const char* json, const char* end) {
  int depth = 0;
  bool in_string = false;
  for (const char* at = json; at < end; ++at) {
    if (in_string) {
      if (*at == '\\') {
        ++at;
      } else if (*at == '"') {
        in_string = false;
      }
    } else if (*at == '"') {
      in_string = true;
    } else if (*at == '{' || *at == '[') {
      ++depth;
    } else if ((*at == '}' || *at == ']') && --depth == 0) {
      return {json, static_cast<size_t>(at + 1 - json)};
    }
  }
  return {};
}

bool SchemaNews::Add(std::string_view name, AttributeValue& attribute) {
  return SummarizeAttribute(attribute, layout_.get(), Summary().Field(name));
}

bool SchemaNews::AddText(std::string_view name, std::string_view json) {
  const simdjson::padded_string_view padded(json, json.size() + net::kBodyPaddingBytes);
  simdjson::ondemand::document document;
  simdjson::ondemand::value value;
  AttributeValue attribute;
  return parser_.iterate(padded).get(document) == simdjson::SUCCESS &&
         document.get_value().get(value) == simdjson::SUCCESS &&
         OpenAttributeValue(value, attribute) &&
         SummarizeAttribute(attribute, layout_.get(), Summary().Field(name));
}

std::unique_ptr<TypeSummary> SchemaNews::Take() {
  return std::move(summary_);
}

bool SchemaNews::WantsMore(std::string_view name) {
  const auto found = seen_.find(name);
  if (found != seen_.end()) return found->second++ < kValuesPerAttributeMax;
  if (seen_.size() >= kAttributesSeenMax) return false;
  seen_.emplace(std::string(name), 1);
  return true;
}

TypeSummary& SchemaNews::Summary() {
  if (!summary_) {
    summary_ = std::make_unique<TypeSummary>();
    summary_->MarkAsItems();
    summary_->AddKind(TypeSummary::kMap);
  }
  return *summary_;
}

}  // namespace sumac::items
