// Reads an event from a record's parsed JSON. Only for codec.cpp: it shows a library's type.
#pragma once

#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "call/event.hpp"

namespace patchbay::journal {

/// Error `bad_record` names the member that is missing or of a wrong form.
Result<call::Event> read_event(const boost::json::object& object);

}  // namespace patchbay::journal
