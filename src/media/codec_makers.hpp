// How codec.cpp makes the codecs that live in files of their own.
#pragma once

#include <memory>

#include "media/codec.hpp"

namespace patchbay::media {

std::unique_ptr<Decoder> make_g722_decoder();
std::unique_ptr<Encoder> make_g722_encoder();
std::unique_ptr<Decoder> make_opus_decoder(int rate);
std::unique_ptr<Encoder> make_opus_encoder(const OpusWish& wish, int rate);

}  // namespace patchbay::media
