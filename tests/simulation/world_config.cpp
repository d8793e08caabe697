#include "world_config.hpp"

namespace patchbay::simulation {

namespace {

// One that rings all and sends on to the other, which hangs up whom it cannot serve.
void add_queues(config::Domain& domain) {
    config::Queue sales;
    sales.id = "sales";
    sales.number = "600";
    sales.strategy = "ring_all";
    sales.operators = {"op101", "op103", "op105"};
    sales.overflow = "601";
    sales.max_wait = Seconds{60};
    sales.length = 3;
    sales.wrap_up = Seconds{5};
    sales.on_missed = "none";
    config::Queue help;
    help.id = "help";
    help.number = "601";
    help.operators = {"op103", "op105", "op107", "op109"};
    help.numbers = {"102", "9123"};
    help.ring_time = Seconds{10};
    help.attempts = 5;
    help.max_wait = Seconds{120};
    help.callback_digit = "5";
    help.announce = "both";
    help.announce_every = Seconds{10};
    domain.queues = {sales, help};
}

}  // namespace

config::ConfigPtr world_config() {
    auto config = std::make_shared<config::Config>();
    config::Domain domain;
    domain.name = world_domain;
    for (int i = 0; i < world_extensions; ++i) {
        const auto number = std::to_string(101 + i);
        domain.extensions.push_back({101 + i, number, "Extension " + number, "secret"});
        if (i % 2 == 0) domain.operators.push_back({"op" + number, "Op", "p", number, "sales", false});
    }
    add_queues(domain);
    config::Trunk trunk;
    trunk.name = "provider";
    trunk.inbound.numbers = {
        {"+7383200", "101"}, {"+7383201", "102"}, {"+7383202", "9555"}, {"+7383203", "600"}};
    trunk.outbound.push_back({"9", 1, ""});
    domain.trunks.push_back(trunk);
    config->domains.push_back(domain);
    config->calls.last_park_slot = config->calls.first_park_slot + 2;
    return config;
}

}  // namespace patchbay::simulation
