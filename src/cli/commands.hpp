// What the command line can do.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "import/import_model.hpp"
#include "runtime/network.hpp"
#include "video/frame_options.hpp"

namespace fragnet {

struct Arguments {
  std::vector<std::string> words;  // after the command
  InputShapes shapes;
  NetworkOptions network;
  FrameOptions frame;
  std::optional<float> grain;  // else the model's own, where there is an augmentation
  int frames = 50;
  std::string dump_after = "plan";
};

void print_info(const Arguments& arguments);      // MODEL
void print_stage(const Arguments& arguments);     // MODEL
void run_picture(const Arguments& arguments);     // MODEL in.png out.png
void predict_arrays(const Arguments& arguments);  // MODEL in.f32 … out.f32 …
void time_frames(const Arguments& arguments);
void tune_blocks(const Arguments& arguments);       // MODEL
void print_operations(const Arguments& arguments);  // the README's table

}  // namespace fragnet
