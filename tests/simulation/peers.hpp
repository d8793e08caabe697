// SIP and media as the switch believes them to be: each remembers what is alive, and notes whatever the
// switch does that the real ones could not carry out.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "call/ports.hpp"
#include "checks.hpp"

namespace patchbay::simulation {

class Peers final : public call::Signalling {
  public:
    struct Peer {
        bool called_us = false, answered = false, holds = false, refers = false;
    };

    explicit Peers(Breach& breach) : breach_(breach) {}

    void ring(LegId leg, const call::Dial& dial) override;
    void progress(LegId leg, bool early_media, LegId like) override;
    void answer(LegId leg, LegId like) override;
    void renegotiate(LegId leg, LegId like, bool retrieve) override;
    void refer_progress(LegId leg, int sip_status) override;
    bool pick_up(LegId leg) override;
    void send_dtmf(LegId leg, char digit) override;
    void end(LegId leg, const call::Cause& cause) override;
    bool reachable(const std::string& domain, const std::string& number) override;

    /// The peer calls us.
    void call_in(LegId leg);
    /// The peer is gone by its own doing.
    void gone(LegId leg) { alive.erase(leg); }

    std::map<LegId, Peer> alive;
    std::vector<LegId> all;  ///< every leg there ever was, the stale ones too
    std::set<std::string> unregistered;

  private:
    Peer* find(LegId leg, const char* verb);
    Breach& breach_;
};

class Ports final : public call::Media {
  public:
    explicit Ports(Breach& breach) : breach_(breach) {}
    bool open(LegId leg) override;
    void hear(const call::Hearing& rows) override;
    void close(LegId leg) override;

    std::map<LegId, std::vector<call::Source>> hears;
    bool exhausted = false;
    bool loses_closes = false;  ///< a fault put in on purpose, to see that it is found

  private:
    Breach& breach_;
};

}  // namespace patchbay::simulation
