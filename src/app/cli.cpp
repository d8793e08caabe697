#include "app/cli.hpp"

#include <exception>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/server.hpp"
#include "app/version.hpp"
#include "config/load.hpp"
#include "config/reference.hpp"

namespace patchbay::app {
namespace {

config::ConfigPtr load_or_complain(const std::string& file) {
    const auto loaded = config::load_file(file);
    for (const auto& problem : loaded.problems) fmt::print(stderr, "{}\n", problem.text());
    for (const auto& warning : loaded.warnings) fmt::print(stderr, "warning: {}\n", warning.text());
    return loaded.config;
}

int serve(const std::string& file) {
    const auto config = load_or_complain(file);
    if (!config) return exit_config;
    try {
        Server server(config, file);
        server.run();
        return exit_ok;
    } catch (const std::exception& failure) {
        fmt::print(stderr, "patchbay: {}\n", failure.what());
        return exit_failed;
    }
}

int check(const std::string& file) {
    if (!load_or_complain(file)) return exit_config;
    fmt::print("{}: no problems\n", file);
    return exit_ok;
}

}  // namespace

int run(int argc, char** argv) {
    CLI::App app{"Patchbay, a call-centre server", "patchbay"};
    app.set_version_flag("--version", std::string("patchbay ") + version);
    app.require_subcommand(0, 1);
    std::string file;
    bool sample = false;
    auto* serve_command = app.add_subcommand("serve", "Serve calls and interfaces until SIGTERM");
    serve_command->add_option("--config", file, "The configuration file")->required();
    auto* check_command =
        app.add_subcommand("check", "Check a configuration file and say what is wrong with it");
    check_command->add_option("--config", file, "The configuration file")->required();
    auto* reference_command = app.add_subcommand("reference", "Print the table of all settings");
    reference_command->add_flag("--sample", sample, "Print a sample configuration file instead");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        return app.exit(wrong) == 0 ? exit_ok : exit_usage;
    }
    if (app.get_subcommands().empty()) {
        fmt::print(stderr, "A command is needed.\n{}", app.help());
        return exit_usage;
    }
    if (serve_command->parsed()) return serve(file);
    if (check_command->parsed()) return check(file);
    fmt::print("{}", sample ? config::sample() : config::reference());
    return exit_ok;
}

}  // namespace patchbay::app
