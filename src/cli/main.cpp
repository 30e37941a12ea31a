// The command line: words → a command.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/error.hpp"
#include "cli/commands.hpp"

namespace fragnet {
namespace {

constexpr const char* usage = R"(fragnet runs image-to-image networks of TensorFlow.js as fragment shaders.

  fragnet info MODEL                            what the model is: inputs, outputs, layers, steps
  fragnet compile MODEL [--dump-after STAGE]    the network as text behind a stage of the pipeline: import, ports, the
                                                name of a pass, plan (the default) or programs; asks no device
  fragnet run MODEL in.png out.png              one picture through the network
  fragnet predict MODEL in.f32 … out.f32 …      arrays of little-endian floats, first the inputs, then the outputs
  fragnet time MODEL [--frames N]               milliseconds a frame, and of each step
  fragnet tune MODEL                            milliseconds of each kind of layer in each shape of block
  fragnet ops                                   the operations that are supported

MODEL is a folder with a model.json or a layers.json. Options:
  --shape NAME=1,256,256,3     where the model leaves a size open
  --precision fp32|fp16|rgba8  of the feature maps (default: the best that the device does)
  --block PIXELSxQUADS         that one fragment of a convolution computes, for comparisons (default: 4x2)
  --augmentation none|classic|paper, --brightness B, --contrast C, --grain G
                               how `run` prepares the picture
  --range LOW,HIGH, --input-range LOW,HIGH, --output-range LOW,HIGH    the numbers that are black and white
  --output N, --channel N, --show picture|mask|overlay|cutout|classes|subpixel|channel    what `run` shows
)";

[[noreturn]] void misuse(const std::string& sentence) {
  fail(code::bad_input, sentence, "\n\n", usage);
}

std::vector<float> numbers_of(const std::string& list) {
  std::vector<float> numbers;
  const char* at = list.c_str();
  while (*at) {
    char* end = nullptr;
    numbers.push_back(std::strtof(at, &end));
    if (end == at || (*end && *end != ',')) misuse("\"" + list + "\" is no list of numbers");
    at = *end ? end + 1 : end;
  }
  return numbers;
}

float number_of(const std::string& word) {
  const std::vector<float> numbers = numbers_of(word);
  if (numbers.size() != 1) misuse("\"" + word + "\" is no number");
  return numbers[0];
}

Range range_of(const std::string& option, const std::string& value) {
  const std::vector<float> range = numbers_of(value);
  if (range.size() != 2) misuse(option + " wants LOW,HIGH");
  return {range[0], range[1]};
}

Arguments parse(int count, char** words) {
  Arguments arguments;
  for (int i = 2; i < count; ++i) {
    std::string word = words[i];
    if (word.rfind("--", 0) != 0) {
      arguments.words.push_back(word);
      continue;
    }
    std::string value;
    if (const size_t equals = word.find('='); equals != std::string::npos) {
      value = word.substr(equals + 1);
      word.resize(equals);
    } else if (i + 1 < count) {
      value = words[++i];
    } else {
      misuse("the option " + word + " needs a value");
    }
    if (word == "--shape") {
      const size_t equals = value.find('=');
      if (equals == std::string::npos) misuse("--shape wants NAME=1,256,256,3");
      Shape& shape = arguments.shapes[value.substr(0, equals)];
      for (float extent : numbers_of(value.substr(equals + 1))) shape.push_back(static_cast<int>(extent));
    } else if (word == "--precision") {
      arguments.network.precision = precision_of(value);
    } else if (word == "--block") {
      BlockShape& shape = arguments.network.tuning[""];
      if (std::sscanf(value.c_str(), "%dx%d", &shape.w, &shape.q) != 2 || shape.w < 1 || shape.q < 1)
        misuse("--block wants PIXELSxQUADS, for example 4x2");
    } else if (word == "--augmentation") {
      arguments.frame.augmentation = augmentation_of(value);
    } else if (word == "--brightness") {
      arguments.frame.brightness = number_of(value);
    } else if (word == "--contrast") {
      arguments.frame.contrast = number_of(value);
    } else if (word == "--grain") {
      arguments.grain = number_of(value);
    } else if (word == "--range") {
      arguments.frame.input_range = arguments.frame.output_range = range_of(word, value);
    } else if (word == "--input-range") {
      arguments.frame.input_range = range_of(word, value);
    } else if (word == "--output-range") {
      arguments.frame.output_range = range_of(word, value);
    } else if (word == "--output") {
      arguments.frame.output = static_cast<int>(number_of(value));
    } else if (word == "--channel") {
      arguments.frame.channel = static_cast<int>(number_of(value));
    } else if (word == "--show") {
      arguments.frame.show = show_of(value);
    } else if (word == "--dump-after") {
      arguments.dump_after = value;
    } else if (word == "--frames") {
      arguments.frames = std::max(1, static_cast<int>(number_of(value)));
    } else {
      misuse("the option " + word + " is not known");
    }
  }
  return arguments;
}

void run(int count, char** words) {
  const std::string command = count > 1 ? words[1] : "--help";
  if (command == "--help" || command == "help") {
    std::fputs(usage, stdout);
    return;
  }
  struct Command {
    const char* name;
    size_t fewest_words;
    void (*run)(const Arguments&);
  };
  constexpr Command commands[] = {{"info", 1, print_info},     {"compile", 1, print_stage},
                                  {"run", 3, run_picture},     {"predict", 1, predict_arrays},
                                  {"time", 1, time_frames},    {"tune", 1, tune_blocks},
                                  {"ops", 0, print_operations}};
  for (const Command& known : commands) {
    if (command != known.name) continue;
    const Arguments arguments = parse(count, words);
    if (arguments.words.size() < known.fewest_words) misuse("`fragnet " + command + "` needs more words");
    return known.run(arguments);
  }
  misuse("the command \"" + command + "\" is not known");
}

}  // namespace
}  // namespace fragnet

int main(int count, char** words) {
  try {
    fragnet::run(count, words);
    return EXIT_SUCCESS;
  } catch (const fragnet::Error& error) {
    std::fprintf(stderr, "fragnet: %s: %s\n", error.code().c_str(), error.what());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fragnet: internal: %s\n", error.what());
  }
  return EXIT_FAILURE;
}
