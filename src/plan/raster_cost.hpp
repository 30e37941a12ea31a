// What is known of devices that render on a processor, Mesa's llvmpipe above all: a model of how long a draw takes them, as
// numbers to compare and not as times.
//
// llvmpipe hands a target out to its threads in squares of 64×64 texels (DeviceLimits::square); within one it works in stamps of
// 4×4. So a target of 64×64 texels or less is computed by one thread while the others wait, and one of 3×200 wastes a quarter
// of each stamp. SwiftShader hands out pairs of rows. GPUs work on blocks of a few rows and columns, and have many processors:
// what is good here does no harm there.
#pragma once

namespace fragnet {

// How many processors a target of this size keeps busy, up to as many as are worth telling apart; 0 for one that is thinner
// than a stamp.
int busy_processors(int width, int height);

// How long one processor computes a rectangle of texels: the stamps in it.
int stamps_of(int width, int height);

}  // namespace fragnet
