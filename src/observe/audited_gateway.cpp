#include "observe/audited_gateway.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/metrics.hpp"

namespace patchbay::observe {
namespace {

const std::vector<double> duration_bounds{0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1};

// Numbers come from outside: nobody's text begins a line of the log.
std::string printable(std::string_view text) {
    constexpr std::size_t longest = 80;
    std::string out(text.substr(0, longest));
    std::ranges::replace_if(
        out, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
    return out;
}

struct Describe {
    std::string operator()(const call::Hold& c) const { return leg(c.leg); }
    std::string operator()(const call::Retrieve& c) const { return leg(c.leg); }
    std::string operator()(const call::Transfer& c) const { return leg(c.leg) + to(c.to); }
    std::string operator()(const call::Join& c) const { return leg(c.leg) + " with=" + c.with.text(); }
    std::string operator()(const call::AttendedTransfer& c) const { return leg(c.leg) + to(c.to); }
    std::string operator()(const call::Supervise& c) const {
        return fmt::format("{}{} mode={}", leg(c.leg), to(c.to), word(c.mode));
    }
    std::string operator()(const call::Park& c) const { return leg(c.leg); }
    std::string operator()(const call::Pickup& c) const { return leg(c.leg) + to(c.to); }
    std::string operator()(const call::Clear& c) const { return leg(c.leg); }
    std::string operator()(const call::Record& c) const {
        return fmt::format("{} action={}", leg(c.leg), word(c.action));
    }
    std::string operator()(const call::List&) const { return {}; }
    std::string operator()(const call::Originate& c) const {
        return fmt::format(" number={}{}", printable(c.number), to(c.to));
    }
    std::string operator()(const call::Answer& c) const { return leg(c.leg); }
    std::string operator()(const call::Refuse& c) const { return leg(c.leg); }
    std::string operator()(const call::Merge& c) const { return leg(c.leg) + " with=" + c.with.text(); }
    std::string operator()(const call::Remove& c) const {
        return leg(c.leg) + " participant=" + c.participant.text();
    }
    std::string operator()(const call::Members& c) const { return leg(c.leg); }
    std::string operator()(const call::Find& c) const { return leg(c.leg); }
    std::string operator()(const call::Seat& c) const {
        return fmt::format(" operator={} number={}", printable(c.operator_id), printable(c.number));
    }

    std::string operator()(const call::Enqueue& c) const {
        return leg(c.leg) + " queue=" + printable(c.queue);
    }
    std::string operator()(const call::Offer& c) const { return leg(c.leg) + to(c.to); }
    std::string operator()(const call::Announce& c) const { return leg(c.leg); }

    static std::string leg(LegId id) { return " leg=" + id.text(); }
    static std::string to(std::string_view number) { return " to=" + printable(number); }
};

bool is_query(const call::Action& action) {
    return std::holds_alternative<call::List>(action) || std::holds_alternative<call::Find>(action) ||
           std::holds_alternative<call::Members>(action);
}

std::string scope_text(const call::Scope& scope) {
    return fmt::format("domain={} number={} operator={}", printable(scope.domain), printable(scope.number),
                       printable(scope.operator_id));
}

}  // namespace

std::string describe(const call::Action& action) {
    return std::string(call::name(action)) + std::visit(Describe{}, action);
}

// The metrics of each dialect and command, looked up once.
class AuditedGateway::Meters {
  public:
    struct Meter {
        std::string dialect, command;
        metrics::Histogram* seconds = nullptr;

        // `result`: "done" or the refusal's code.
        void count(const std::string& result) const {
            metrics::counter("patchbay_commands_total", "Commands and queries of the dialects, by result",
                             {{"dialect", dialect}, {"command", command}, {"result", result}})
                .add();
        }
    };

    const Meter& of(std::string_view dialect, const call::Action& action) {
        const std::scoped_lock lock(mutex_);
        auto& meter = meters_[dialect][action.index()];
        if (meter.seconds == nullptr) {
            meter.dialect = dialect;
            meter.command = call::name(action);
            meter.seconds = &metrics::histogram(
                "patchbay_command_seconds",
                "From a command's arrival at the gateway to its result, in seconds", duration_bounds,
                {{"dialect", meter.dialect}, {"command", meter.command}});
        }
        return meter;
    }

  private:
    std::mutex mutex_;
    // Dialects are static words; the map never loses an entry, so that references stay.
    std::map<std::string_view, std::array<Meter, std::variant_size_v<call::Action>>> meters_;
};

AuditedGateway::AuditedGateway(call::Gateway& inner) : inner_(inner), meters_(std::make_unique<Meters>()) {}

AuditedGateway::~AuditedGateway() = default;

void AuditedGateway::submit(call::Command command, call::Reply reply) {
    const auto& meter = meters_->of(command.dialect, command.action);
    const auto level = is_query(command.action) ? log::Level::debug : log::Level::info;
    std::string line;
    if (log::enabled(level)) {
        line = fmt::format("{} {} {}", command.dialect, describe(command.action), scope_text(command.scope));
    }
    const auto begin = std::chrono::steady_clock::now();
    auto audited = [&meter, level, line = std::move(line), begin,
                    reply = std::move(reply)](Result<call::Outcome> result) {
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        meter.seconds->observe(took.count());
        meter.count(result ? "done" : result.error().code);
        if (!line.empty()) {
            const auto outcome =
                result ? "done"
                       : fmt::format("refused {}: {}", result.error().code, printable(result.error().text));
            log::write(level, "audit", "{} -> {} in {:.3f} ms",
                       fmt::make_format_args(line, outcome, took.count() * 1000));
        }
        reply(std::move(result));
    };
    inner_.submit(std::move(command), std::move(audited));
}

}  // namespace patchbay::observe
