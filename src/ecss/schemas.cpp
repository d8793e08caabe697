#include "ecss/schemas.hpp"

#include <map>
#include <stdexcept>

#include <fmt/format.h>
#include <libxml/parser.h>
#include <libxml/xmlIO.h>
#include <libxml/xmlschemas.h>

#include "base/text.hpp"

namespace patchbay::ecss {
namespace {

using SchemaPtr = std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)>;

// Keeps the first error that libxml2 reports.
void keep_first(void* target, xmlErrorPtr error) {
    auto& misfit = *static_cast<std::optional<Misfit>*>(target);
    if (misfit || error == nullptr) return;
    const std::string_view text = error->message != nullptr ? error->message : "unknown error";
    misfit = Misfit{error->line, std::string(trim(text))};
}

// libxml2 writes some errors to standard error, whoever else hears of them. Outsiders do not write our log.
void write_nothing(void*, const char*, ...) {}  // NOLINT(cert-dcl50-cpp): the library's signature

SchemaPtr compile(const std::filesystem::path& file) {
    const std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)> context(
        xmlSchemaNewParserCtxt(file.c_str()), xmlSchemaFreeParserCtxt);
    if (!context) throw std::runtime_error(fmt::format("{}: no memory for the schema", file.string()));
    std::optional<Misfit> misfit;
    xmlSchemaSetParserStructuredErrors(context.get(), keep_first, &misfit);
    SchemaPtr schema(xmlSchemaParse(context.get()), xmlSchemaFree);
    if (!schema || misfit) {
        throw std::runtime_error(fmt::format("{}:{}: {}", file.string(), misfit ? misfit->line : 0,
                                             misfit ? misfit->text : "is no XML schema"));
    }
    return schema;
}

}  // namespace

struct Schemas::Compiled {
    std::map<std::string, SchemaPtr, std::less<>> by_command;
};

Schemas::Schemas(const std::filesystem::path& folder) : compiled_(std::make_unique<Compiled>()) {
    xmlInitParser();
    xmlSetExternalEntityLoader(xmlNoNetExternalEntityLoader);
    xmlSetGenericErrorFunc(nullptr, write_nothing);
    xmlThrDefSetGenericErrorFunc(nullptr, write_nothing);
    if (!std::filesystem::is_directory(folder)) {
        throw std::runtime_error(
            fmt::format("{}: the folder of the ECSS schemas is not there", folder.string()));
    }
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".xsd") continue;
        compiled_->by_command.emplace(entry.path().stem().string(), compile(entry.path()));
    }
}

Schemas::~Schemas() = default;

bool Schemas::knows(std::string_view command) const {
    return compiled_->by_command.contains(command);
}

std::optional<Misfit> Schemas::validate(std::string_view command, xmlDoc& document) const {
    const auto found = compiled_->by_command.find(command);
    if (found == compiled_->by_command.end()) {
        throw std::out_of_range(fmt::format("there is no schema of '{}'", command));
    }
    const std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> context(
        xmlSchemaNewValidCtxt(found->second.get()), xmlSchemaFreeValidCtxt);
    if (!context) return Misfit{0, "no memory to validate"};
    std::optional<Misfit> misfit;
    xmlSchemaSetValidStructuredErrors(context.get(), keep_first, &misfit);
    const int verdict = xmlSchemaValidateDoc(context.get(), &document);
    if (verdict != 0 && !misfit) misfit = Misfit{0, "the document does not fit its schema"};
    return misfit;
}

}  // namespace patchbay::ecss
