// Whether a value is carried whole by a shape: the judge of what goes to `_overflow`, and the slow
// twin of the writers. Internal to items/.
#pragma once

#include "items/attribute_value.h"
#include "items/shape.h"

namespace sumac::items {

enum class Fit { kWhole, kNotWhole, kCorrupt };

// Judges `attribute`; leaves it for its opener to finish.
Fit FitsShape(AttributeValue& attribute, const Shape& shape);

}  // namespace sumac::items
