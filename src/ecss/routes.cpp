#include "ecss/routes.hpp"

#include "ecss/http_transport.hpp"
#include "ecss/json_transport.hpp"
#include "ecss/recordings.hpp"
#include "ecss/services.hpp"
#include "ecss/socket_transport.hpp"

namespace patchbay::ecss {

void add_routes(http::Router& router, Dependencies dependencies) {
    auto* const recordings = dependencies.recordings;
    auto* const faxes = dependencies.faxes;
    const auto services = std::make_shared<Services>(std::move(dependencies));
    router.add("POST", "/{domain}/service/cc/arm/{command}", http_handler(services));
    if (recordings != nullptr) {
        router.add("GET", "/{domain}/service/cc/arm/recordings/{uuid}",
                   recordings_handler(services, *recordings));
    }
    if (faxes != nullptr)
        router.add("GET", "/{domain}/service/cc/arm/faxes/{uuid}", faxes_handler(services, *faxes));
    router.add_socket("/{domain}/service/cc/arm", socket_handler(services));
    router.add_socket("/", json_handler(services));
}

}  // namespace patchbay::ecss
