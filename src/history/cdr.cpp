#include "history/cdr.hpp"

#include <chrono>

namespace patchbay::history {

Seconds Cdr::total() const {
    return floor<Seconds>(released) - floor<Seconds>(started);
}

Seconds Cdr::waiting(Time answer) const {
    return floor<Seconds>(answer != Time{} ? answer : released) - floor<Seconds>(started);
}

Seconds Cdr::talk(Time answer) const {
    return answer != Time{} ? floor<Seconds>(released) - floor<Seconds>(answer) : Seconds{0};
}

Seconds Cdr::duration(Time answer) const {
    return answer != Time{} ? floor<Seconds>(released - answer) : Seconds{0};
}

Seconds Cdr::waiting() const {
    return waiting(answered);
}

Seconds Cdr::talk() const {
    return talk(answered);
}

Seconds Cdr::duration() const {
    return duration(answered);
}

}  // namespace patchbay::history
