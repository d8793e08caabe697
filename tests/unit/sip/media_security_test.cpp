#include "sip/media_security.hpp"

#include <gtest/gtest.h>

#include "sip/offer_answer.hpp"

namespace patchbay::sip {
namespace {

const config::Endpoint here{"127.0.0.1", 20000};
const std::string gcm = "a=crypto:3 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw==\r\n";
const std::string sha1 =
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd|2^31\r\n";
const std::string dtls =
    "a=fingerprint:sha-256 "
    "00:11:22:33:44:55:66:77:88:99:aa:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n";
const std::string ice = "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n";

std::string body(const std::string& profile, const std::string& lines,
                 const std::string& address = "192.0.2.7") {
    return "v=0\r\no=phone 77 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 " + address +
           "\r\nt=0 0\r\nm=audio 4000 " + profile + " 8\r\n" + lines;
}

MediaTerms terms(config::Srtp srtp, bool sdes = true, bool browser = false) {
    return {srtp, sdes, browser,
            std::make_shared<const media::Fingerprint>(media::Fingerprint{"sha-256", "AA:BB"})};
}

OfferAnswer leg(const MediaTerms& security) {
    return OfferAnswer({media::Codec::pcma}, 5, 20, security);
}

sdp::Media line_of(const Result<std::string>& text) {
    EXPECT_TRUE(text.ok()) << (text.ok() ? "" : text.error().text);
    const auto description = sdp::parse(text.ok() ? *text : "");
    return description.ok() && !description->media.empty() ? description->media[0] : sdp::Media{};
}

sdp::Media answer_to(OfferAnswer& leg, const std::string& offer) {
    const auto taken = leg.receive_offer(offer);
    EXPECT_TRUE(taken.ok()) << (taken.ok() ? "" : taken.error().text);
    return line_of(leg.answer(here));
}

bool takes(const MediaTerms& security, const std::string& offer) {
    return leg(security).receive_offer(offer).ok();
}

TEST(MediaSecurity, of_the_keys_offered_gcm_is_answered_under_its_tag) {
    auto leg = sip::leg(terms(config::Srtp::optional));
    const auto line = answer_to(leg, body("RTP/SAVP", sha1 + gcm));
    EXPECT_EQ(line.profile_text, "RTP/SAVP");
    ASSERT_EQ(line.security.crypto.size(), 1u);
    EXPECT_EQ(line.security.crypto[0].tag, 3);
    const auto* keys = std::get_if<media::SdesKeys>(&leg.agreed()->remote.protection.keys);
    ASSERT_NE(keys, nullptr);
    EXPECT_EQ(keys->suite, media::SrtpSuite::aead_aes_128_gcm);
    EXPECT_EQ(keys->remote.bytes[5], 5);
    EXPECT_EQ(read_crypto(line.security.crypto[0])->key, keys->local);
}

TEST(MediaSecurity, our_key_stays_as_long_as_theirs_does) {
    auto leg = sip::leg(terms(config::Srtp::optional));
    const auto first = answer_to(leg, body("RTP/SAVP", gcm));
    const auto again = answer_to(leg, body("RTP/SAVP", gcm));
    EXPECT_EQ(first.security, again.security);
    auto other = gcm;
    other.replace(other.find("AAEC"), 4, "BBEC");
    EXPECT_NE(answer_to(leg, body("RTP/SAVP", other)).security.crypto, first.security.crypto);
}

TEST(MediaSecurity, keys_with_an_index_or_of_the_wrong_length_are_not_taken) {
    const auto keys = [](const std::string& parameters) {
        return body("RTP/SAVP", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 " + parameters + "\r\n");
    };
    const std::string key = "inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd";
    const auto security = terms(config::Srtp::optional);
    EXPECT_TRUE(takes(security, keys(key)));
    EXPECT_TRUE(takes(security, keys(key + "|2^20")));
    EXPECT_FALSE(takes(security, keys(key + "|2^20|1:4")));
    EXPECT_FALSE(takes(security, keys("inline:AAEC")));
    EXPECT_FALSE(takes(security, keys("inline:!!!!")));
    EXPECT_FALSE(takes(security, keys("")));
    EXPECT_FALSE(takes(security, keys(key + " UNENCRYPTED_SRTP")));
    EXPECT_FALSE(takes(security, body("RTP/SAVP", "a=crypto:1 F8_128_HMAC_SHA1_80 " + key + "\r\n")));
}

TEST(MediaSecurity, keys_that_others_can_read_are_not_taken) {
    const auto open = terms(config::Srtp::optional, false);
    EXPECT_FALSE(takes(open, body("RTP/SAVP", gcm)));
    auto leg = sip::leg(open);
    EXPECT_TRUE(answer_to(leg, body("RTP/AVP", gcm)).security.crypto.empty());
    EXPECT_FALSE(leg.agreed()->remote.protection.encrypted());
}

TEST(MediaSecurity, the_setting_decides_what_is_taken) {
    EXPECT_FALSE(takes(terms(config::Srtp::off), body("RTP/SAVP", gcm)));
    EXPECT_TRUE(takes(terms(config::Srtp::off), body("RTP/AVP", gcm)));
    EXPECT_FALSE(takes(terms(config::Srtp::required), body("RTP/AVP", "")));
    EXPECT_TRUE(takes(terms(config::Srtp::required), body("RTP/AVP", gcm)));
    EXPECT_TRUE(takes(terms(config::Srtp::required), body("UDP/TLS/RTP/SAVPF", dtls)));
    EXPECT_FALSE(takes(terms(config::Srtp::required), body("UDP/TLS/RTP/SAVPF", "a=setup:active\r\n")));
    EXPECT_FALSE(
        takes(terms(config::Srtp::required), body("UDP/TLS/RTP/SAVPF", "a=fingerprint:sha-1 00:11\r\n")));
}

TEST(MediaSecurity, the_setting_decides_what_is_offered) {
    const auto offered = [](const MediaTerms& security) {
        auto leg = sip::leg(security);
        return line_of(leg.offer(here));
    };
    EXPECT_EQ(offered(terms(config::Srtp::off)).security, sdp::Security{});
    EXPECT_EQ(offered(terms(config::Srtp::optional)).profile, sdp::Profile::avp);
    EXPECT_EQ(offered(terms(config::Srtp::optional)).security.crypto.size(), 2u);
    EXPECT_EQ(offered(terms(config::Srtp::optional, false)).security, sdp::Security{});
    EXPECT_EQ(offered(terms(config::Srtp::required)).profile, sdp::Profile::savp);
    EXPECT_EQ(offered(terms(config::Srtp::required, false)).profile, sdp::Profile::dtls_savp);
    const auto browser = offered(terms(config::Srtp::optional, true, true));
    EXPECT_EQ(browser.profile, sdp::Profile::dtls_savpf);
    EXPECT_TRUE(browser.rtcp_mux);
    EXPECT_EQ(browser.security.setup, "actpass");
    EXPECT_GE(browser.security.ice.password.size(), 22u);
}

TEST(MediaSecurity, an_answer_settles_keys_by_its_tag) {
    auto leg = sip::leg(terms(config::Srtp::optional));
    const auto offered = line_of(leg.offer(here));
    ASSERT_TRUE(leg.receive_answer(body("RTP/AVP", sha1.substr(0, 9) + "2" + sha1.substr(10))).ok());
    const auto& keys = std::get<media::SdesKeys>(leg.agreed()->remote.protection.keys);
    EXPECT_EQ(keys.suite, media::SrtpSuite::aes_cm_128_hmac_sha1_80);
    EXPECT_EQ(keys.local, read_crypto(offered.security.crypto[1])->key);
    // The next offer is of that key alone.
    EXPECT_EQ(line_of(leg.offer(here)).security.crypto, std::vector{offered.security.crypto[1]});
}

TEST(MediaSecurity, an_answer_without_keys_is_plain_where_that_was_offered) {
    auto leg = sip::leg(terms(config::Srtp::optional));
    ASSERT_TRUE(leg.offer(here).ok());
    ASSERT_TRUE(leg.receive_answer(body("RTP/AVP", "")).ok());
    EXPECT_FALSE(leg.agreed()->remote.protection.encrypted());
    auto strict = sip::leg(terms(config::Srtp::required));
    ASSERT_TRUE(strict.offer(here).ok());
    EXPECT_FALSE(strict.receive_answer(body("RTP/AVP", "")).ok());
    EXPECT_FALSE(strict.receive_answer(body("RTP/SAVP", gcm)).ok());  // a tag that was never offered
}

TEST(MediaSecurity, a_browser_is_answered_with_dtls_and_ice) {
    auto leg = sip::leg(terms(config::Srtp::optional, true, true));
    ASSERT_TRUE(
        leg.receive_offer(body("UDP/TLS/RTP/SAVPF",
                               dtls + ice + "a=setup:actpass\r\na=rtcp-mux\r\na=mid:0\r\n", "0.0.0.0"))
            .ok());
    const auto text = leg.answer(here);
    EXPECT_NE(text->find("a=ice-lite"), std::string::npos);
    const auto line = line_of(text);
    EXPECT_EQ(line.security.setup, "passive");
    EXPECT_EQ(line.mid, "0");
    EXPECT_TRUE(line.rtcp_mux);
    EXPECT_NE(text->find("a=candidate:1 1 udp 2130706431 127.0.0.1 20000 typ host"), std::string::npos);
    const media::Remote& remote = leg.agreed()->remote;
    EXPECT_FALSE(leg.agreed()->held);  // 0.0.0.0: it will be found by its checks
    EXPECT_EQ(remote.rtp.port, 0);
    EXPECT_TRUE(remote.rtcp_mux && !remote.latch);
    ASSERT_TRUE(remote.protection.ice);
    EXPECT_EQ(remote.protection.ice->local, line.security.ice);
    EXPECT_EQ(remote.protection.ice->remote.fragment, "abcd");
    const auto& peer = std::get<media::DtlsPeer>(remote.protection.keys);
    EXPECT_FALSE(peer.we_connect);
    EXPECT_EQ(peer.fingerprint.value.substr(24, 11), "88:99:AA:BB");
}

TEST(MediaSecurity, a_second_offer_of_the_same_browser_changes_nothing) {
    auto leg = sip::leg(terms(config::Srtp::optional, true, true));
    const auto offer = body("UDP/TLS/RTP/SAVPF", dtls + ice + "a=setup:actpass\r\na=rtcp-mux\r\n");
    const auto first = answer_to(leg, offer);
    const auto protection = leg.agreed()->remote.protection;
    EXPECT_EQ(answer_to(leg, offer).security, first.security);
    EXPECT_EQ(leg.agreed()->remote.protection, protection);
    auto restarted = offer;
    restarted.replace(restarted.find("abcd"), 4, "efgh");
    EXPECT_NE(answer_to(leg, restarted).security.ice, first.security.ice);
}

TEST(MediaSecurity, of_a_bundle_only_our_line_stays) {
    auto leg = sip::leg(terms(config::Srtp::optional, true, true));
    auto offer =
        body("UDP/TLS/RTP/SAVPF",
             dtls + ice + "a=setup:actpass\r\na=mid:a\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:v\r\n");
    offer.insert(offer.find("m=audio"), "a=group:BUNDLE a v\r\n");
    ASSERT_TRUE(leg.receive_offer(offer).ok());
    const auto answer = sdp::parse(*leg.answer(here));
    ASSERT_EQ(answer->media.size(), 2u);
    EXPECT_EQ(answer->bundle, std::vector<std::string>{"a"});
    EXPECT_EQ(answer->media[1].port, 0);
    EXPECT_EQ(answer->media[1].mid, "v");
}

TEST(MediaSecurity, a_withdrawn_offer_leaves_the_keys_as_they_were) {
    auto leg = sip::leg(terms(config::Srtp::optional));
    const auto first = answer_to(leg, body("RTP/SAVP", gcm));
    ASSERT_TRUE(leg.offer(here).ok());
    leg.withdraw();
    EXPECT_EQ(answer_to(leg, body("RTP/SAVP", gcm)).security, first.security);
}

TEST(MediaSecurity, plain_rtp_may_share_one_port_with_rtcp) {
    auto leg = sip::leg(terms(config::Srtp::optional));
    EXPECT_TRUE(answer_to(leg, body("RTP/AVP", "a=rtcp-mux\r\n")).rtcp_mux);
    EXPECT_TRUE(leg.agreed()->remote.rtcp_mux);
    EXPECT_FALSE(answer_to(leg, body("RTP/AVP", "")).rtcp_mux);
    EXPECT_FALSE(leg.agreed()->remote.rtcp_mux);
}

}  // namespace
}  // namespace patchbay::sip
