// The commands' XSDs of spec/ecss, compiled once. They are the one place that says which elements and
// attributes a message has, for both transports.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct _xmlDoc;  // NOLINT(bugprone-reserved-identifier): libxml2 names it so

namespace patchbay::ecss {

/// What does not fit the schema, and where.
struct Misfit {
    long line = 0;  ///< of the text; 0 when the document was not made from text
    std::string text;
};

/// Immutable once made; any thread.
class Schemas {
  public:
    /// Compiles every *.xsd of the folder; a file's stem is its command's name. Throws std::runtime_error
    /// with the file and the reason when one cannot be compiled.
    explicit Schemas(const std::filesystem::path& folder);
    ~Schemas();
    Schemas(const Schemas&) = delete;
    Schemas& operator=(const Schemas&) = delete;

    bool knows(std::string_view command) const;
    /// The first misfit; nothing when the document is valid. Throws std::out_of_range for a command it does
    /// not know.
    std::optional<Misfit> validate(std::string_view command, _xmlDoc& document) const;

  private:
    struct Compiled;
    std::unique_ptr<Compiled> compiled_;
};

}  // namespace patchbay::ecss
