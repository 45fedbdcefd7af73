#include "items/schema_news.h"

#include "items/attribute_summary.h"

namespace sumac::items {

bool SchemaNews::Add(std::string_view name, std::string_view value) {
  json_.Start(value);
  AttributeValue attribute;
  return AttributeValue::Open(json_, attribute) &&
         SummarizeAttribute(attribute, layout_.get(), Summary().Field(name)) && attribute.Finish();
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
