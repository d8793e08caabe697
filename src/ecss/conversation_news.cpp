#include "ecss/conversation_news.hpp"

#include "ecss/answers.hpp"
#include "ecss/frame.hpp"
#include "ecss/json.hpp"
#include "ecss/json_message.hpp"

namespace patchbay::ecss {

const std::string& ConversationNews::frame() {
    if (frame_.empty()) {
        frame_ = request_frame(event_id, "conversations_event",
                               json_from_node(conversations_event(conversations_, at_, snapshot_)));
    }
    return frame_;
}

const std::string& ConversationNews::notice() {
    if (notice_.empty()) notice_ = json_notice(conversations_, at_, queue_name_);
    return notice_;
}

}  // namespace patchbay::ecss
