#include "sip/offer_answer.hpp"

#include <gtest/gtest.h>

namespace patchbay::sip {
namespace {

using media::Codec;

const config::Endpoint here{"127.0.0.1", 20000};

std::string body(const std::string& lines, int version = 1, const std::string& address = "192.0.2.7") {
    return "v=0\r\no=phone 77 " + std::to_string(version) + " IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 " +
           address + "\r\nt=0 0\r\n" + lines;
}

const std::string both = "m=audio 4000 RTP/AVP 0 8 96\r\na=rtpmap:96 telephone-event/8000\r\n";

OfferAnswer leg() {
    return OfferAnswer({Codec::pcma, Codec::pcmu}, 5);
}

/// The body, read back; fails the test when it was refused.
sdp::Description read(const Result<std::string>& text) {
    EXPECT_TRUE(text.ok()) << (text.ok() ? "" : text.error().text);
    auto description = sdp::parse(text.ok() ? *text : "");
    EXPECT_TRUE(description.ok());
    return description.ok() ? *description : sdp::Description{};
}

/// A leg that has answered that offer.
OfferAnswer answered(const std::string& offer) {
    OfferAnswer leg = sip::leg();
    EXPECT_TRUE(leg.receive_offer(offer).ok());
    EXPECT_TRUE(leg.answer(here).ok());
    return leg;
}

TEST(OfferAnswer, OurOfferListsThePreferredCodecFirstAndTelephoneEvents) {
    OfferAnswer leg = sip::leg();
    const std::vector<Codec> prefer{Codec::pcmu};
    const auto offer = read(leg.offer(here, prefer));
    ASSERT_EQ(offer.media.size(), 1u);
    EXPECT_EQ(offer.media[0].format_text, "0 8 101");
    EXPECT_EQ(offer.media[0].port, 20000);
    EXPECT_EQ(offer.media[0].address, "127.0.0.1");
    EXPECT_EQ(offer.media[0].direction, sdp::Direction::sendrecv);
    EXPECT_EQ(leg.state(), ExchangeState::offer_sent);
    EXPECT_FALSE(leg.agreed());
}

TEST(OfferAnswer, ThePeersAnswerSettlesCodecAddressAndEvents) {
    OfferAnswer leg = sip::leg();
    ASSERT_TRUE(leg.offer(here).ok());
    ASSERT_TRUE(leg.receive_answer(body("m=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"
                                        "a=ptime:30\r\n"))
                    .ok());
    ASSERT_TRUE(leg.agreed());
    const media::Remote& remote = leg.agreed()->remote;
    EXPECT_EQ(remote.rtp, (config::Endpoint{"192.0.2.7", 4000}));
    EXPECT_EQ(remote.rtcp, (config::Endpoint{"192.0.2.7", 4001}));
    EXPECT_EQ(remote.format, (media::Format{Codec::pcmu, 0, 30, 101}));
    EXPECT_TRUE(remote.send && remote.receive);
    EXPECT_FALSE(leg.agreed()->held);
    EXPECT_EQ(leg.state(), ExchangeState::idle);
}

TEST(OfferAnswer, AnAnswerTakesThePeersOrderAndMirrorsItsPayloadTypes) {
    OfferAnswer leg = sip::leg();
    ASSERT_TRUE(leg.receive_offer(body(both)).ok());
    const auto answer = read(leg.answer(here));
    EXPECT_EQ(answer.media[0].format_text, "0 96");
    EXPECT_EQ(leg.agreed()->remote.format, (media::Format{Codec::pcmu, 0, 20, 96}));
    EXPECT_EQ(leg.usable(), (std::vector<Codec>{Codec::pcmu, Codec::pcma}));
}

TEST(OfferAnswer, AnAnswerPrefersTheOtherLegsCodecWhenItWasOffered) {
    OfferAnswer leg = sip::leg();
    ASSERT_TRUE(leg.receive_offer(body(both)).ok());
    const std::vector<Codec> prefer{Codec::pcma};
    EXPECT_EQ(read(leg.answer(here, prefer)).media[0].format_text, "8 96");
}

TEST(OfferAnswer, ACodecMayHaveADynamicPayloadType) {
    OfferAnswer leg = answered(body("m=audio 4000 RTP/AVP 110\r\na=rtpmap:110 pcma/8000\r\n"));
    EXPECT_EQ(leg.agreed()->remote.format, (media::Format{Codec::pcma, 110, 20, {}}));
}

TEST(OfferAnswer, TheFirstUsableAudioLineIsTakenAndTheOthersAreRefusedInPlace) {
    OfferAnswer leg = sip::leg();
    ASSERT_TRUE(
        leg.receive_offer(body("m=video 5000 RTP/AVP 34\r\nm=audio 4000 RTP/SAVP 8\r\n"
                               "m=audio 4002 RTP/AVP 8\r\nm=audio 4004 RTP/AVP 0\r\nm=image 9 udptl t38\r\n"))
            .ok());
    const auto answer = read(leg.answer(here));
    ASSERT_EQ(answer.media.size(), 5u);
    EXPECT_EQ(answer.media[0].kind, "video");
    EXPECT_EQ(answer.media[0].port, 0);
    EXPECT_EQ(answer.media[1].profile, sdp::Profile::savp);
    EXPECT_EQ(answer.media[1].port, 0);
    EXPECT_EQ(answer.media[2].port, 20000);
    EXPECT_EQ(answer.media[3].port, 0);
    EXPECT_EQ(answer.media[4].format_text, "t38");
    EXPECT_EQ(leg.agreed()->remote.rtp.port, 4002);
}

TEST(OfferAnswer, ALaterOfferOfOursKeepsTheLinesOfTheDialog) {
    OfferAnswer leg = answered(body("m=video 5000 RTP/AVP 34\r\n" + both));
    const auto offer = read(leg.offer(here));
    ASSERT_EQ(offer.media.size(), 2u);
    EXPECT_EQ(offer.media[0].port, 0);
    EXPECT_EQ(offer.media[1].format_text, "8 0 96");
    ASSERT_TRUE(leg.receive_answer(body("m=video 0 RTP/AVP 34\r\nm=audio 4000 RTP/AVP 8\r\n", 2)).ok());
    EXPECT_EQ(leg.agreed()->remote.format.codec, Codec::pcma);
}

TEST(OfferAnswer, APhonesHoldIsSeenInEachOfItsForms) {
    struct Form {
        std::string attribute, address;
        sdp::Direction answer;
        bool held, hears_it;
    };
    for (const Form& form : {Form{"a=sendonly\r\n", "192.0.2.7", sdp::Direction::recvonly, true, true},
                             Form{"a=inactive\r\n", "192.0.2.7", sdp::Direction::inactive, true, false},
                             Form{"", "0.0.0.0", sdp::Direction::recvonly, true, true},
                             Form{"a=recvonly\r\n", "192.0.2.7", sdp::Direction::sendonly, false, false}}) {
        OfferAnswer leg = answered(body(both));
        ASSERT_TRUE(leg.receive_offer(body(both + form.attribute, 2, form.address)).ok());
        EXPECT_EQ(read(leg.answer(here)).media[0].direction, form.answer) << form.attribute << form.address;
        EXPECT_EQ(leg.agreed()->held, form.held);
        EXPECT_EQ(leg.agreed()->remote.send, !form.held);
        EXPECT_EQ(leg.agreed()->remote.receive, form.hears_it);
        ASSERT_TRUE(leg.receive_offer(body(both, 3)).ok());
        EXPECT_EQ(read(leg.answer(here)).media[0].direction, sdp::Direction::sendrecv);
        EXPECT_FALSE(leg.agreed()->held);
    }
}

TEST(OfferAnswer, AHeldPeerStaysHeldUnlessItIsAskedToComeBack) {
    OfferAnswer leg = answered(body(both + "a=sendonly\r\n"));
    EXPECT_EQ(read(leg.offer(here)).media[0].direction, sdp::Direction::recvonly);
    ASSERT_TRUE(leg.receive_answer(body("m=audio 4000 RTP/AVP 0\r\na=sendonly\r\n", 2)).ok());
    EXPECT_TRUE(leg.agreed()->held);
    EXPECT_EQ(read(leg.offer(here, {}, sdp::Direction::sendrecv)).media[0].direction,
              sdp::Direction::sendrecv);
    ASSERT_TRUE(leg.receive_answer(body("m=audio 4000 RTP/AVP 0\r\n", 3)).ok());
    EXPECT_FALSE(leg.agreed()->held);
}

TEST(OfferAnswer, APeerThatClosesItsAudioLineIsHeldAndMayOpenItAgain) {
    OfferAnswer leg = answered(body(both));
    ASSERT_TRUE(leg.receive_offer(body("m=audio 0 RTP/AVP 0\r\n", 2)).ok());
    EXPECT_EQ(read(leg.answer(here)).media[0].port, 0);
    EXPECT_TRUE(leg.agreed()->held);
    EXPECT_EQ(leg.agreed()->remote.rtp.port, 0);
    ASSERT_TRUE(leg.receive_offer(body(both, 3)).ok());
    EXPECT_EQ(read(leg.answer(here)).media[0].port, 20000);
    EXPECT_FALSE(leg.agreed()->held);
}

TEST(OfferAnswer, OffersWithoutAnythingForUsAreRefusedAsNotAcceptable) {
    for (const std::string lines :
         {"", "m=video 5000 RTP/AVP 34\r\n", "m=audio 4000 RTP/AVP 18\r\n", "m=audio 4000 RTP/SAVP 8\r\n",
          "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n", "m=audio 0 RTP/AVP 8\r\n"}) {
        OfferAnswer leg = sip::leg();
        const auto taken = leg.receive_offer(body(lines));
        ASSERT_FALSE(taken.ok()) << lines;
        EXPECT_EQ(sip_status(taken.error()), 488) << lines;
        EXPECT_EQ(leg.state(), ExchangeState::idle);
    }
    OfferAnswer leg = sip::leg();
    EXPECT_EQ(sip_status(leg.receive_offer(body(both, 1, "phone.example")).error()), 488);
    EXPECT_EQ(sip_status(leg.receive_offer("v=1").error()), 400);
}

TEST(OfferAnswer, ARefusedOfferLeavesWhatWasAgreed) {
    OfferAnswer leg = answered(body(both));
    EXPECT_FALSE(leg.receive_offer(body("m=audio 4000 RTP/AVP 18\r\n", 2)).ok());
    EXPECT_EQ(leg.agreed()->remote.format.codec, Codec::pcmu);
    EXPECT_TRUE(leg.offer(here).ok());
}

TEST(OfferAnswer, CrossingOffersAreGlareAndASecondOfferMustWait) {
    OfferAnswer leg = answered(body(both));
    ASSERT_TRUE(leg.offer(here).ok());
    EXPECT_EQ(sip_status(leg.receive_offer(body(both, 2)).error()), 491);
    EXPECT_EQ(leg.offer(here).error().code, exchange_error::pending);
    leg.withdraw();
    EXPECT_TRUE(leg.agreed());
    ASSERT_TRUE(leg.receive_offer(body(both, 2)).ok());
    EXPECT_EQ(sip_status(leg.receive_offer(body(both, 3)).error()), 500);
    EXPECT_EQ(leg.offer(here).error().code, exchange_error::pending);
}

TEST(OfferAnswer, AnAnswerThatTakesNoAudioIsRefusedAndMayBeWithdrawn) {
    OfferAnswer leg = answered(body(both));
    ASSERT_TRUE(leg.offer(here).ok());
    EXPECT_EQ(leg.receive_answer(body("m=audio 0 RTP/AVP 0\r\n", 2)).error().code,
              exchange_error::not_acceptable);
    EXPECT_EQ(leg.receive_answer(body("", 2)).error().code, exchange_error::not_acceptable);
    leg.withdraw();
    EXPECT_EQ(leg.state(), ExchangeState::idle);
    EXPECT_EQ(leg.agreed()->remote.rtp.port, 4000);
    EXPECT_EQ(leg.receive_answer(body(both)).error().code, exchange_error::no_offer);
}

TEST(OfferAnswer, AnUnreliableProvisionalAnswerIsOnlyAPreview) {
    OfferAnswer leg = sip::leg();
    ASSERT_TRUE(leg.offer(here).ok());
    ASSERT_TRUE(leg.preview_answer(body("m=audio 4000 RTP/AVP 0\r\n")).ok());
    EXPECT_EQ(leg.agreed()->remote.rtp.port, 4000);
    EXPECT_EQ(leg.state(), ExchangeState::offer_sent);
    ASSERT_TRUE(leg.receive_answer(body("m=audio 6000 RTP/AVP 8\r\n", 2)).ok());
    EXPECT_EQ(leg.agreed()->remote.rtp.port, 6000);
    EXPECT_EQ(leg.state(), ExchangeState::idle);
}

TEST(OfferAnswer, APreviewBecomesTheAnswerWhenTheFinalOneHasNone) {
    OfferAnswer leg = sip::leg();
    ASSERT_TRUE(leg.offer(here).ok());
    EXPECT_EQ(leg.confirm_preview().error().code, exchange_error::no_offer);
    ASSERT_TRUE(leg.preview_answer(body("m=audio 4000 RTP/AVP 0\r\n")).ok());
    ASSERT_TRUE(leg.confirm_preview().ok());
    EXPECT_EQ(leg.agreed()->remote.rtp.port, 4000);
    EXPECT_EQ(leg.state(), ExchangeState::idle);
    EXPECT_EQ(leg.confirm_preview().error().code, exchange_error::no_offer);
}

TEST(OfferAnswer, OurVersionRisesOnlyWhenWeSaySomethingNew) {
    OfferAnswer leg = sip::leg();
    ASSERT_TRUE(leg.receive_offer(body(both)).ok());
    const auto first = read(leg.answer(here));
    ASSERT_TRUE(leg.receive_offer(body(both)).ok());
    const auto second = read(leg.answer(here));
    EXPECT_EQ(second, first);
    ASSERT_TRUE(leg.receive_offer(body(both + "a=sendonly\r\n", 2)).ok());
    const auto third = read(leg.answer(here));
    EXPECT_EQ(third.origin.session_id, first.origin.session_id);
    EXPECT_EQ(std::stoi(third.origin.version), std::stoi(first.origin.version) + 1);
}

TEST(OfferAnswer, ASessionRefreshKeepsTheCodecWhateverIsPreferred) {
    OfferAnswer leg = answered(body(both));
    const std::vector<Codec> prefer{Codec::pcma};
    ASSERT_TRUE(leg.receive_offer(body(both)).ok());
    EXPECT_EQ(read(leg.answer(here, prefer)).media[0].format_text, "0 96");
    ASSERT_TRUE(leg.receive_offer(body(both, 2)).ok());
    EXPECT_EQ(read(leg.answer(here, prefer)).media[0].format_text, "8 96");
}

TEST(OfferAnswer, AnExplicitRtcpAddressIsHonoured) {
    EXPECT_EQ(answered(body(both + "a=rtcp:4999\r\n")).agreed()->remote.rtcp,
              (config::Endpoint{"192.0.2.7", 4999}));
    EXPECT_EQ(answered(body(both + "a=rtcp:4999 IN IP4 192.0.2.8\r\n")).agreed()->remote.rtcp,
              (config::Endpoint{"192.0.2.8", 4999}));
}

TEST(OfferAnswer, AnAvpfOfferIsAnsweredInItsOwnProfile) {
    OfferAnswer leg = sip::leg();
    ASSERT_TRUE(leg.receive_offer(body("m=audio 4000 RTP/AVPF 8\r\n")).ok());
    EXPECT_EQ(read(leg.answer(here)).media[0].profile, sdp::Profile::avpf);
}

TEST(OfferAnswer, WideCodecsAreOfferedByTheirNamesWithEventsAtEachClock) {
    OfferAnswer leg({Codec::opus, Codec::g722, Codec::pcma, Codec::l16}, 5, 40);
    const auto offer = read(leg.offer(here));
    EXPECT_EQ(offer.media[0].format_text, "111 9 8 98 110 101");
    const auto& formats = offer.media[0].formats;
    EXPECT_EQ(formats[0], (sdp::Format{111, "opus", 48000, 2, "useinbandfec=1"}));
    EXPECT_EQ(formats[1], (sdp::Format{9, "G722", 8000, 1, ""}));
    EXPECT_EQ(formats[3], (sdp::Format{98, "L16", 16000, 1, ""}));
    EXPECT_EQ(formats[4], (sdp::Format{110, "telephone-event", 48000, 1, "0-16"}));
    EXPECT_EQ(offer.media[0].ptime, 40);
}

TEST(OfferAnswer, OpusIsAgreedWithWhatThePeerWishes) {
    OfferAnswer leg({Codec::pcma, Codec::opus}, 5);
    ASSERT_TRUE(leg.receive_offer(body("m=audio 4000 RTP/AVP 96 97 98\r\na=rtpmap:96 OPUS/48000/2\r\n"
                                       "a=fmtp:96 maxplaybackrate=16000; useinbandfec=1;usedtx=1;"
                                       "maxaveragebitrate=20000\r\na=rtpmap:97 telephone-event/8000\r\n"
                                       "a=rtpmap:98 telephone-event/48000\r\n"))
                    .ok());
    const auto answer = read(leg.answer(here));
    EXPECT_EQ(answer.media[0].format_text, "96 98");
    const media::Format& format = leg.agreed()->remote.format;
    EXPECT_EQ(format.codec, Codec::opus);
    EXPECT_EQ(format.clock_rate, 48000);
    EXPECT_EQ(format.telephone_event_clock, 48000);
    EXPECT_EQ(format.opus, (media::OpusWish{16000, 20000, true, true}));
}

TEST(OfferAnswer, ComfortNoiseIsTakenWhereItIsOffered) {
    OfferAnswer leg = answered(body("m=audio 4000 RTP/AVP 8 13\r\n"));
    EXPECT_EQ(leg.agreed()->remote.format.comfort_noise, 13);
    EXPECT_NE(leg.local_body().find("a=rtpmap:13 CN/8000"), std::string::npos);
}

TEST(OfferAnswer, ComfortNoiseIsOfferedWhereTheOtherSideOrThePeerItselfNamedIt) {
    OfferAnswer caller = sip::leg();
    EXPECT_FALSE(caller.knows_noise());
    ASSERT_TRUE(caller.receive_offer(body("m=audio 4000 RTP/AVP 8 13\r\n")).ok());
    EXPECT_TRUE(caller.knows_noise()) << "before it is answered: the callee is rung then";
    ASSERT_TRUE(caller.answer(here).ok());
    EXPECT_TRUE(caller.knows_noise());
    EXPECT_EQ(read(caller.offer(here)).media[0].format_text, "8 0 101 13");

    OfferAnswer called = sip::leg();
    called.offer_noise();
    EXPECT_EQ(read(called.offer(here)).media[0].format_text, "8 0 101 13");
    OfferAnswer wide({Codec::opus, Codec::l16}, 5);
    wide.offer_noise();
    EXPECT_EQ(read(wide.offer(here)).media[0].format_text, "111 98 110 101") << "none of its clocks";
}

TEST(OfferAnswer, ThePeersNumbersKeepTheirMeaningInOurLaterOffers) {
    OfferAnswer leg({Codec::pcma, Codec::opus, Codec::l16}, 5);
    ASSERT_TRUE(leg.receive_offer(body("m=audio 4000 RTP/AVP 8 98 111\r\na=rtpmap:98 opus/48000/2\r\n"
                                       "a=rtpmap:111 telephone-event/8000\r\n"))
                    .ok());
    ASSERT_TRUE(leg.answer(here).ok());
    const auto offer = read(leg.offer(here));
    EXPECT_EQ(offer.media[0].format_text, "8 98 99 110 111");
    EXPECT_EQ(offer.media[0].formats[2].encoding, "L16");
}

TEST(OfferAnswer, AHundredCodecsAreReadAndOursIsFoundAmongThem) {
    std::string line = "m=audio 4000 RTP/AVP", maps;
    for (int type = 20; type < 120; ++type) {
        line += " " + std::to_string(type);
        if (type < 119)
            maps += "a=rtpmap:" + std::to_string(type) + " X" + std::to_string(type) + "/8000\r\n";
    }
    OfferAnswer leg = sip::leg();
    ASSERT_TRUE(leg.receive_offer(body(line + "\r\n" + maps + "a=rtpmap:119 PCMU/8000\r\n")).ok());
    EXPECT_TRUE(leg.answer(here).ok());
    EXPECT_EQ(leg.agreed()->remote.format.payload_type, 119);
}

TEST(OfferAnswer, AnAudioLineWithoutAnyCodecIsRefusedWithACause) {
    OfferAnswer leg = sip::leg();
    const auto refused = leg.receive_offer(body("m=audio 4000 RTP/AVP\r\n"));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, exchange_error::malformed);
    EXPECT_EQ(leg.receive_offer(body("")).error().code, exchange_error::not_acceptable);
}

const std::string fax =
    "m=image 4010 udptl t38\r\na=T38FaxVersion:3\r\na=T38FaxMaxDatagram:350\r\n"
    "a=T38FaxUdpEC:t38UDPRedundancy\r\n";

TEST(OfferAnswer, T38TakesThePlaceOfAudioWhereItIsAllowed) {
    OfferAnswer leg = answered(body(both));
    EXPECT_FALSE(leg.receive_offer(body(fax, 2)).ok()) << "no fax is expected here";
    leg.allow_t38();
    ASSERT_TRUE(leg.receive_offer(body(fax, 2)).ok());
    const auto answer = read(leg.answer(here));
    ASSERT_EQ(answer.media.size(), 1U);
    EXPECT_EQ(answer.media[0].kind, "image");
    EXPECT_EQ(answer.media[0].port, 20000);
    const media::Remote& remote = leg.agreed()->remote;
    ASSERT_TRUE(remote.t38);
    EXPECT_EQ(remote.t38->max_datagram, 350);
    EXPECT_EQ(remote.t38->version, 0) << "we speak no newer one";
    EXPECT_EQ(remote.rtp.port, 4010);
    // A refresh of ours keeps it, and the peer may come back to audio.
    EXPECT_EQ(read(leg.offer(here)).media[0].kind, "image");
    leg.withdraw();
    ASSERT_TRUE(leg.receive_offer(body(both, 3)).ok());
    EXPECT_EQ(read(leg.answer(here)).media[0].kind, "audio");
    EXPECT_FALSE(leg.agreed()->remote.t38);
}

TEST(OfferAnswer, T38ThatWeOfferIsTakenOrAudioStays) {
    OfferAnswer leg = answered(body(both));
    leg.allow_t38();
    const auto offer = read(leg.offer_t38(here));
    EXPECT_EQ(offer.media[0].format_text, "t38");
    EXPECT_TRUE(offer.media[0].t38.redundancy);
    EXPECT_FALSE(leg.receive_answer(body(both, 2)).ok()) << "audio answers no fax";
    leg.withdraw();
    EXPECT_FALSE(leg.agreed()->remote.t38);
    EXPECT_EQ(leg.agreed()->remote.format.codec, Codec::pcmu);
    ASSERT_TRUE(leg.offer_t38(here).ok());
    ASSERT_TRUE(leg.receive_answer(body(fax, 2)).ok());
    EXPECT_TRUE(leg.agreed()->remote.t38);
}

TEST(OfferAnswer, TelephoneEventsAreWhereTheSettingWantsThem) {
    for (const auto setting : {config::Dtmf::info, config::Dtmf::inband}) {
        MediaTerms terms;
        terms.dtmf = setting;
        OfferAnswer offering({Codec::pcma}, 5, 20, terms);
        EXPECT_EQ(read(offering.offer(here)).media[0].format_text, "8");
        OfferAnswer answering({Codec::pcma, Codec::pcmu}, 5, 20, terms);
        ASSERT_TRUE(answering.receive_offer(body(both)).ok());
        EXPECT_EQ(read(answering.answer(here)).media[0].format_text, "0");
        EXPECT_FALSE(answering.agreed()->remote.format.telephone_event);
    }
}

}  // namespace
}  // namespace patchbay::sip
