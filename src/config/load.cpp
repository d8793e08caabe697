#include "config/load.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "config/consistency.hpp"
#include "config/fields.hpp"

namespace patchbay::config {
namespace {

void read_domains(Config& config, const YAML::Node& node, const std::string& path, Report& report) {
    if (!node.IsMap()) return report.add(node, path, "expected a mapping of domain name to its settings");
    for (const auto& entry : node) {
        auto& domain = config.domains.emplace_back();
        domain.name = entry.first.as<std::string>("");
        domain.client_id = static_cast<int>(config.domains.size());
        read_record(domain, entry.second, domain_fields(), path + "." + domain.name, report);
    }
}

template <typename T>
Field<Config> part(const std::string& name, T Config::*member, const Fields<T>& (*fields)()) {
    return {name,
            "settings",
            "",
            "",
            false,
            {},
            [member, fields](Config& c, const YAML::Node& n, const std::string& path, Report& r) {
                read_record(c.*member, n, fields(), path, r);
            }};
}

const Fields<Config>& parts() {
    static const Fields<Config> fields{
        part("node", &Config::node, node_fields),
        part("sip", &Config::sip, sip_fields),
        part("media", &Config::media, media_fields),
        part("http", &Config::http, http_fields),
        part("storage", &Config::storage, storage_fields),
        part("calls", &Config::calls, call_fields),
        part("hep", &Config::hep, hep_fields),
        {"domains", "domains", "", "", true, {}, read_domains},
    };
    return fields;
}

// Unset listeners are the documented defaults; `null` turns one off.
void set_default_listeners(Config& config) {
    config.sip.udp = config.sip.tcp = Endpoint{"127.0.0.1", 5060};
}

}  // namespace

std::string Problem::text() const {
    std::string place = line > 0 ? fmt::format("{}:{}", file, line) : file;
    return setting.empty() ? fmt::format("{}: {}", place, message)
                           : fmt::format("{}: {}: {}", place, setting, message);
}

Problem Report::problem(const YAML::Node& where, const std::string& setting,
                        const std::string& message) const {
    return {file_, where.Mark().is_null() ? 0 : where.Mark().line + 1, setting, message};
}

void Report::add(const YAML::Node& where, const std::string& setting, const std::string& message) {
    problems_.push_back(problem(where, setting, message));
}

void Report::warn(const YAML::Node& where, const std::string& setting, const std::string& message) {
    warnings_.push_back(problem(where, setting, message));
}

Loaded load_text(std::string_view yaml, const std::string& name) {
    auto config = std::make_shared<Config>();
    set_default_listeners(*config);
    Report report(name);
    try {
        const auto root = YAML::Load(std::string(yaml));
        read_record(*config, root, parts(), "", report);
        if (report.empty()) check_consistency(*config, root, report);
    } catch (const YAML::Exception& wrong) {
        return {nullptr,
                {{name, wrong.mark.is_null() ? 0 : wrong.mark.line + 1, "", "no valid YAML: " + wrong.msg}}};
    }
    if (!report.empty()) return {nullptr, report.take()};
    return {config, {}, report.take_warnings()};
}

Loaded load_file(const std::string& path) {
    std::ifstream file(path);
    if (std::filesystem::is_directory(path))
        return {nullptr, {{path, 0, "", "is a folder, expected a file"}}};
    if (!file) return {nullptr, {{path, 0, "", "cannot be read"}}};
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return load_text(text, path);
}

}  // namespace patchbay::config
