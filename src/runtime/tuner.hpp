// Finds out by trying which shape of block is fastest on this device, for each kind of layer of a network.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/network.hpp"

namespace fragnet {

class Tuner {
 public:
  // For the convolutions of a network's graph whose kind is not `known`. Those with most work come first, so that stopping
  // early is fine. Stops by itself after `budget_ms` of its own time.
  Tuner(const Graph& graph, const Device& device, Precision precision, const Tuning& known, double budget_ms);

  struct Progress {
    int done = 0, total = 0;  // trials
    bool ready = false;
  };
  // Goes on for some milliseconds: makes a small network of one layer and times it. What a driver refuses, and what has
  // no room, is left out.
  Progress advance();

  // The fastest shape of every kind of which some were timed; the best guess where none is clearly faster.
  Tuning result() const;

  struct Trial {
    std::string kind;
    BlockShape shape;
    double ms = -1;  // of one run; -1: not timed
  };
  const std::vector<Trial>& trials() const { return trials_; }
  // What result() makes of trials, where `guess` is the best guess.
  static Tuning choose(const std::vector<Trial>& trials, const BlockShape& guess);

 private:
  struct Layer {  // the largest picture of its kind, of those with much work
    std::string kind;
    Op op;
    Shape picture, kernel;
    Encoding encoding = Encoding::float32;
    int64_t macs = 0;
  };
  void begin(const Trial& trial);
  static double time(Network& network);

  Device device_;
  Precision precision_;
  double budget_ms_ = 0, spent_ms_ = 0;
  std::vector<Layer> layers_;
  std::vector<Trial> trials_;
  size_t next_ = 0;
  std::unique_ptr<Network> network_;  // of the trial under way
  double began_ms_ = 0;
};

}  // namespace fragnet
