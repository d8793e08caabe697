#include "office.hpp"

#include <filesystem>
#include <random>

#include "base/metrics.hpp"
#include "call/cause.hpp"

namespace patchbay::sip {

namespace {

config::Config demo() {
    config::Config config;
    config.sip.udp = config::Endpoint{"127.0.0.1", 0};
    config.sip.tcp = config::Endpoint{"127.0.0.1", 0};
    // Below the ports the kernel gives to others.
    config.media.first_port = 12000;
    config.media.last_port = 19999;
    config::Domain domain;
    domain.name = "demo.local";
    for (const char* number : {"101", "102", "103", "104"}) {
        domain.extensions.push_back({std::atoi(number), number, std::string("Phone ") + number, "secret"});
    }
    config.domains.push_back(domain);
    return config;
}

}  // namespace

Office::Office()
    : data(std::filesystem::temp_directory_path() /
           ("patchbay-office-" + std::to_string(std::random_device{}()))) {
    std::filesystem::create_directories(data);
    loop.watch(digits.descriptor(), [this] {
        std::vector<std::pair<LegId, char>> pressed;
        digits.drain(pressed);
        for (const auto& [leg, digit] : pressed) the_switch->dtmf(leg, digit);
    });
}

Office::~Office() {
    stack.reset();
    std::filesystem::remove_all(data);
}

void Office::open(const std::function<void(config::Config&)>& change) {
    the_switch.reset();
    stack.reset();
    engine.reset();
    auto config = demo();
    config.node.data = data;
    if (change) change(config);
    const auto shared = std::make_shared<const config::Config>(std::move(config));
    engine = std::make_unique<media::Engine>(shared->media, media::Notices{[](LegId) {},
                                                                           [this](LegId leg, char digit) {
                                                                               digits.post_fact({leg, digit});
                                                                           }});
    stack = std::make_unique<Stack>(shared, loop, clock, timers, *engine);
    the_switch =
        std::make_unique<call::Switch>(shared, call::SwitchTools{clock, timers, *stack, *engine, *this});
    stack->start(*the_switch);
}

void Office::TearDown() {
    // Whatever a test did, nothing is left behind: no leg, no dialog, no port.
    the_switch->clear_all(call::causes::shutdown);
    for (auto& each : phones) {
        while (true) {
            const auto bye = each->hears_nothing_of("BYE ");
            if (bye) break;
            each->respond(each->expect("BYE "), 200);
        }
    }
    EXPECT_EQ(stack->legs(), 0U);
    EXPECT_EQ(engine->open_ports(), 0U);
}

bool Office::until(const std::function<bool()>& condition) {
    const auto end = clock.ticks() + Seconds{60};
    while (!condition() && clock.ticks() < end) loop.step(Milliseconds{5});
    return condition();
}

RawPhone& Office::phone(const std::string& user, bool signed_in) {
    phones.push_back(std::make_unique<RawPhone>(user, stack->bound("udp").value(),
                                                [this] { loop.step(Milliseconds{2}); }));
    if (signed_in) {
        EXPECT_TRUE(phones.back()->sign_in());
    }
    return *phones.back();
}

void Office::connect(RawPhone& caller, RawPhone& called, const std::string& offer,
                     const std::string& answer) {
    caller.invite("102", offer, "Allow: INVITE, ACK, BYE, CANCEL, UPDATE, INFO\n");
    called.pick_up(answer);
    caller.hear_answer();
    EXPECT_TRUE(until([this] { return the_switch->legs() == 2; }));
}

Office::Pair Office::talking() {
    const Pair pair{phone("101"), phone("102")};
    connect(pair.anna, pair.boris, audio(), audio());
    return pair;
}

Office::Ringing Office::ringing() {
    auto& anna = phone("101");
    auto& boris = phone("102");
    anna.invite("102", audio());
    return {anna, boris, boris.expect("INVITE ")};
}

std::string Office::how_ended(const std::string& number) const {
    std::map<std::uint64_t, std::string> numbers;
    for (const auto& event : events) {
        if (const auto* started = std::get_if<call::LegStarted>(&event.body)) {
            numbers[event.leg.value] = started->facts->number;
        }
        const auto* ended = std::get_if<call::LegEnded>(&event.body);
        if (ended != nullptr && numbers[event.leg.value] == number) return std::string{ended->cause.slug};
    }
    return {};
}

double Office::counted(const std::string& metric) {
    const auto all = metrics::exposition();
    const auto line = all.find('\n' + metric + ' ');
    return line == std::string::npos ? 0 : std::stod(all.substr(line + metric.size() + 2));
}

}  // namespace patchbay::sip
