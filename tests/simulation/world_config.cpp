#include "world_config.hpp"

#include <array>

namespace patchbay::simulation {

namespace {

constexpr std::array penalties{"none", "block", "auxwork"};

// Draws from a number, one choice after the other.
class Variety {
  public:
    explicit Variety(std::uint32_t number) : left_(number) {}
    std::uint32_t below(std::uint32_t count) {
        const auto drawn = left_ % count;
        left_ /= count;
        return drawn;
    }

  private:
    std::uint32_t left_;
};

void vary(config::Queue& queue, Variety& variety) {
    queue.strategy = strategies.at(variety.below(strategies.size()));
    queue.on_missed = penalties.at(variety.below(penalties.size()));
    queue.priority = static_cast<int>(variety.below(3));
    for (std::size_t i = 0; i < queue.operators.size(); ++i) {
        queue.levels[queue.operators[i]] = 30 + 20 * static_cast<int>(i);
    }
    queue.min_level = 80;
    queue.relax_after = Seconds{10};
}

// One that sends on to the other, which hangs up whom it cannot serve.
void add_queues(config::Domain& domain, Variety& variety) {
    config::Queue sales;
    sales.id = "sales";
    sales.number = "600";
    sales.operators = {"op101", "op103", "op105"};
    sales.overflow = "601";
    sales.max_wait = Seconds{60};
    sales.length = 3;
    sales.wrap_up = Seconds{5};
    vary(sales, variety);
    config::Queue help;
    help.id = "help";
    help.number = "601";
    help.operators = {"op103", "op105", "op107", "op111"};
    help.numbers = {"102", "9123"};
    help.ring_time = Seconds{10};
    help.attempts = 5;
    help.max_wait = Seconds{120};
    help.callback_digit = "5";
    help.announce = "both";
    help.announce_every = Seconds{10};
    vary(help, variety);
    domain.queues = {sales, help};
}

}  // namespace

config::ConfigPtr world_config(std::uint32_t number) {
    Variety variety(number);
    auto config = std::make_shared<config::Config>();
    config::Domain domain;
    domain.name = world_domain;
    const bool has_fewer = variety.below(3) == 2;
    for (int i = 0; i < world_extensions; ++i) {
        const auto number = std::to_string(101 + i);
        domain.extensions.push_back({101 + i, number, "Extension " + number, "secret"});
        const bool is_there = i + 2 < world_extensions || !has_fewer;
        if (i % 2 == 0 && is_there)
            domain.operators.push_back({"op" + number, "Op", "p", number, "sales", false});
    }
    add_queues(domain, variety);
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
