#include "history/cdr.hpp"

#include <chrono>

namespace patchbay::history {

Seconds Cdr::total() const {
    return floor<Seconds>(released) - floor<Seconds>(started);
}

Seconds Cdr::waiting() const {
    return floor<Seconds>(is_answered() ? answered : released) - floor<Seconds>(started);
}

Seconds Cdr::talk() const {
    return is_answered() ? floor<Seconds>(released) - floor<Seconds>(answered) : Seconds{0};
}

Seconds Cdr::duration() const {
    return is_answered() ? floor<Seconds>(released - answered) : Seconds{0};
}

}  // namespace patchbay::history
