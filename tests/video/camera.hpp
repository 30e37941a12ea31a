// A network behind a pipeline, frames to show it, and a canvas to look at.
#pragma once

#include <cmath>

#include "gtest/gtest.h"
#include "support/gl_fixture.hpp"
#include "support/graph_case.hpp"
#include "support/reference_frame.hpp"
#include "video/frame_pipeline.hpp"

namespace fragnet {

inline HostPicture random_frame(int width, int height) {
  const HostTensor bytes = random_integers({height, width, 3}, 1, 0, 255);
  HostPicture frame{.width = width, .height = height};
  for (size_t i = 0; i < bytes.values.size(); i += 3) {
    frame.pixels.push_back(
        {bytes.values[i] / 255.0, bytes.values[i + 1] / 255.0, bytes.values[i + 2] / 255.0});
  }
  return frame;
}

inline void upload(const HostPicture& frame, GLuint texture) {
  if (frame.pixels.empty()) return;
  std::vector<uint8_t> bytes;
  for (const Colour& colour : frame.pixels) {
    for (double value : colour) bytes.push_back(static_cast<uint8_t>(std::lround(value * 255)));
    bytes.push_back(255);
  }
  glBindTexture(GL_TEXTURE_2D, texture);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, frame.width, frame.height, 0, GL_RGBA, GL_UNSIGNED_BYTE,
               bytes.data());
}

// A network whose output is its input where that is not negative.
inline Graph echo(const Shape& shape) {
  LayerBuilder layers;
  return layers.finish({layers.unary(UnaryKind::relu, layers.input(shape))}).graph;
}

// A canvas to draw on.
struct Canvas {
  Texture texture;
  Framebuffer framebuffer;
  int width, height;

  Canvas(int w, int h)
      : texture(Texture::flat(TextureFormat::rgba8, w, h)),
        framebuffer(Framebuffer::of(texture, 0, 1)),
        width(w),
        height(h) {}

  // Row by row from the top, as it would be seen.
  HostPicture seen() const {
    std::vector<uint8_t> bytes(static_cast<size_t>(width * height) * 4);
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer.id());
    glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, bytes.data());
    HostPicture picture{.width = width, .height = height};
    for (int y = height - 1; y >= 0; --y) {
      for (int x = 0; x < width; ++x) {
        const uint8_t* texel = &bytes[static_cast<size_t>(y * width + x) * 4];
        picture.pixels.push_back({texel[0] / 255.0, texel[1] / 255.0, texel[2] / 255.0});
      }
    }
    return picture;
  }
};

inline HostTensor tensor_of(const HostPicture& picture, int channels, float fourth = 1) {
  return filled({1, picture.height, picture.width, channels}, [&](const std::vector<int>& c) {
    return c[3] < 3 ? picture.at(c[2], c[1])[static_cast<size_t>(c[3])] : double{fourth};
  });
}

// A network behind a pipeline.
struct Camera {
  Network network;
  FramePipeline pipeline;
  Canvas canvas{8, 8};

  explicit Camera(const Graph& graph) : network(ready(graph)), pipeline(network) {}

  static Network ready(const Graph& graph) {
    Network network(graph, NetworkOptions{.precision = Precision::fp32}, native_device());
    network.wait_until_ready();
    return network;
  }

  void show(const HostPicture& frame, const FrameOptions& options) {
    show(frame, options, {frame.width, frame.height});
  }

  // A frame that says it has another size than what is uploaded.
  void show(const HostPicture& frame, const FrameOptions& options, const PixelSize& said) {
    pipeline.configure(options, said, {canvas.width, canvas.height});
    upload(frame, pipeline.frame_texture());
    pipeline.run(canvas.framebuffer.id());
    EXPECT_EQ(glGetError(), static_cast<GLenum>(GL_NO_ERROR));
  }

  HostTensor output() { return {network.outputs()[0].shape, network.read_output(0)}; }
};

// Colours of eight bits may be rounded either way.
inline void expect_seen(const HostPicture& got, const HostPicture& want) {
  EXPECT_EQ(difference(tensor_of(got, 3), tensor_of(want, 3), 1.01 / 255), "");
}

}  // namespace fragnet
