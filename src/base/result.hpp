// A value or the error that stands in its place. Errors are values here: exceptions are kept for start-up
// and for programming faults.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace patchbay {

/// Why something could not be done. `code` is a stable slug for programs, `text` a sentence for a person.
struct Error {
    std::string code;
    std::string text;
};

/// Either a T or an Error. Reading the side that is not there is a programming fault
/// (std::bad_variant_access).
template <typename T>
class [[nodiscard]] Result {
  public:
    Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(*-explicit-*)
    Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(*-explicit-*)

    bool ok() const { return content_.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() { return std::get<0>(content_); }
    const T& value() const { return std::get<0>(content_); }
    const Error& error() const { return std::get<1>(content_); }

    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    T& operator*() { return value(); }
    const T& operator*() const { return value(); }

  private:
    std::variant<T, Error> content_;
};

/// The value of a Result that carries nothing but success.
struct Done {};

}  // namespace patchbay
