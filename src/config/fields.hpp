// Settings as data: each setting is one row (name, kind, unit, default, help, how it is set). The rows check
// the file, print the sample and make the manual. Internal to config/: load.hpp and reference.hpp are for
// everybody.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "config/config.hpp"
#include "config/load.hpp"

namespace patchbay::config {

/// Collects problems while a file is read, with the place where the reader is.
class Report {
  public:
    explicit Report(std::string file) : file_(std::move(file)) {}
    void add(const YAML::Node& where, const std::string& setting, const std::string& message);
    /// What does not keep the file from being used.
    void warn(const YAML::Node& where, const std::string& setting, const std::string& message);
    std::vector<Problem> take() { return std::move(problems_); }
    std::vector<Problem> take_warnings() { return std::move(warnings_); }
    bool empty() const { return problems_.empty(); }

  private:
    Problem problem(const YAML::Node& where, const std::string& setting, const std::string& message) const;

    std::string file_;
    std::vector<Problem> problems_, warnings_;
};

/// One setting of a record T. `set` returns an empty text, or what was expected instead.
template <typename T>
struct Field {
    std::string name;
    std::string kind;           ///< as the manual prints it: text, number, seconds, address:port …
    std::string default_value;  ///< as YAML; ignored when required
    std::string help;
    bool required = false;
    std::function<std::string(T&, const YAML::Node&)> set;
    /// For fields that hold records: reads them and reports by itself. Used instead of `set`.
    std::function<void(T&, const YAML::Node&, const std::string& path, Report&)> nested;
};

template <typename T>
using Fields = std::vector<Field<T>>;

// The tables, one a record of config.hpp.
const Fields<Node>& node_fields();
const Fields<Sip>& sip_fields();
const Fields<Media>& media_fields();
const Fields<Recording>& recording_fields();
const Fields<Fax>& fax_keeping_fields();
const Fields<Http>& http_fields();
const Fields<Storage>& storage_fields();
const Fields<CallLimits>& call_fields();
const Fields<Hep>& hep_fields();
const Fields<Domain>& domain_fields();
const Fields<Extension>& extension_fields();
const Fields<Operator>& operator_fields();
const Fields<Queue>& queue_fields();
const Fields<FaxNumber>& fax_fields();
const Fields<Trunk>& trunk_fields();
const Fields<TrunkInbound>& trunk_inbound_fields();
const Fields<TrunkOutbound>& trunk_outbound_fields();
const Fields<Application>& application_fields();
const Fields<TlsFiles>& tls_fields();

/// The names of a table, for "expected one of".
template <typename T>
std::string names_of(const Fields<T>& fields) {
    std::string names;
    for (const auto& field : fields) names += (names.empty() ? "" : ", ") + field.name;
    return names;
}

/// Reads the mapping `node` into `record` by its table. Reports unknown, missing, repeated and wrong
/// settings.
template <typename T>
void read_record(T& record, const YAML::Node& node, const Fields<T>& fields, const std::string& path,
                 Report& report) {
    if (!node.IsMap()) return report.add(node, path, "expected a mapping of: " + names_of(fields));
    std::vector<std::string> seen;
    for (const auto& entry : node) {
        const auto name = entry.first.as<std::string>("");
        const auto place = path.empty() ? name : path + "." + name;
        const auto same = [&](const Field<T>& f) { return f.name == name; };
        const auto field = std::find_if(fields.begin(), fields.end(), same);
        if (field == fields.end()) {
            report.add(entry.first, place, "unknown setting; expected one of: " + names_of(fields));
            continue;
        }
        if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
            report.add(entry.first, place, "is there twice");
            continue;
        }
        seen.push_back(name);
        if (field->nested) {
            field->nested(record, entry.second, place, report);
        } else if (const auto expected = field->set(record, entry.second); !expected.empty()) {
            report.add(entry.second, place, expected);
        }
    }
    for (const auto& field : fields) {
        if (field.required && std::find(seen.begin(), seen.end(), field.name) == seen.end()) {
            report.add(node, path.empty() ? field.name : path + "." + field.name, "is missing");
        }
    }
}

/// Reads the files of a TLS server, or null for none.
void read_tls(std::optional<TlsFiles>& out, const YAML::Node& node, const std::string& path, Report& report);

/// Reads a list of records.
template <typename T>
void read_list(std::vector<T>& records, const YAML::Node& node, const Fields<T>& fields,
               const std::string& path, Report& report) {
    if (node.IsNull()) return;
    if (!node.IsSequence()) return report.add(node, path, "expected a list");
    for (std::size_t i = 0; i < node.size(); ++i) {
        records.emplace_back();
        read_record(records.back(), node[i], fields, path + "[" + std::to_string(i) + "]", report);
    }
}

}  // namespace patchbay::config
