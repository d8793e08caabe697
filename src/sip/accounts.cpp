#include "sip/accounts.hpp"

#include <algorithm>

namespace patchbay::sip {

const config::Domain* domain_of(const config::Config& config, std::string_view host, bool us,
                                std::string_view number) {
    if (const auto* named = config.domain(host)) return named;
    if (!us || config.domains.empty()) return nullptr;
    const config::Domain* found = nullptr;
    for (const config::Domain& domain : config.domains) {
        if (domain.extension(number) == nullptr) continue;
        if (found != nullptr) return &config.domains.front();
        found = &domain;
    }
    return found != nullptr ? found : &config.domains.front();
}

const std::string& Account::password() const {
    return extension != nullptr ? extension->password : trunk->password;
}

std::optional<Account> find_account(const config::Domain& domain, std::string_view username) {
    if (const auto* extension = domain.extension(username))
        return extension->password.empty() ? std::nullopt : std::optional{Account{extension, nullptr}};
    const auto trunk = std::ranges::find_if(domain.trunks, [&](const config::Trunk& one) {
        return !one.user.empty() && one.user == username && !one.password.empty();
    });
    if (trunk == domain.trunks.end()) return std::nullopt;
    return Account{nullptr, &*trunk};
}

}  // namespace patchbay::sip
