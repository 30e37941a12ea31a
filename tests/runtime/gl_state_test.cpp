// What others leave behind in a context changes nothing of what Fragnet computes, and it leaves behind nothing either.
#include "runtime/gl_state.hpp"

#include "cases/network_chain_cases.hpp"
#include "support/gl_cases.hpp"

namespace fragnet {
namespace {

// Everything that decides about drawing, uploading and reading, as far from its beginning as it goes.
struct History {
  GLuint arrays = 0, buffer = 0, sampler = 0;

  History() {
    for (const GLenum capability :
         {GL_BLEND, GL_CULL_FACE, GL_DEPTH_TEST, GL_STENCIL_TEST, GL_RASTERIZER_DISCARD,
          GL_SAMPLE_ALPHA_TO_COVERAGE, GL_SAMPLE_COVERAGE, GL_POLYGON_OFFSET_FILL})
      glEnable(static_cast<GLenum>(capability));
    glBlendFunc(GL_ZERO, GL_ZERO);
    glFrontFace(GL_CW);
    glColorMask(GL_FALSE, GL_TRUE, GL_FALSE, GL_FALSE);
    glDepthFunc(GL_NEVER);
    glStencilFunc(GL_NEVER, 0, 0);
    glSampleCoverage(0, GL_FALSE);
    glEnable(GL_SCISSOR_TEST);
    glScissor(0, 0, 1, 1);
    glViewport(3, 3, 1, 1);
    glGenVertexArrays(1, &arrays);
    glBindVertexArray(arrays);
    glEnableVertexAttribArray(0);
    glGenBuffers(1, &buffer);
    for (const GLenum target : {GL_PIXEL_UNPACK_BUFFER, GL_PIXEL_PACK_BUFFER, GL_UNIFORM_BUFFER}) {
      glBindBuffer(target, buffer);
      glBufferData(target, 1 << 20, nullptr, GL_STATIC_DRAW);
    }
    for (const GLenum name :
         {GL_UNPACK_ROW_LENGTH, GL_UNPACK_SKIP_ROWS, GL_UNPACK_SKIP_PIXELS, GL_UNPACK_IMAGE_HEIGHT,
          GL_UNPACK_SKIP_IMAGES, GL_PACK_ROW_LENGTH, GL_PACK_SKIP_ROWS, GL_PACK_SKIP_PIXELS})
      glPixelStorei(name, 777);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 8);
    glPixelStorei(GL_PACK_ALIGNMENT, 8);
    glGenSamplers(1, &sampler);
    glSamplerParameteri(sampler, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
    for (GLuint unit = 0; unit < 16; ++unit) glBindSampler(unit, sampler);
  }
  ~History() {
    glDeleteVertexArrays(1, &arrays);
    glDeleteBuffers(1, &buffer);
    glDeleteSamplers(1, &sampler);
  }
};

TEST(GlState, OfOthersChangesNothing) {
  native_device();
  GlState ours;
  const GraphCase made = graph_of(network_cases().front());
  const std::vector<HostTensor> want = run_on_device(made.graph, made.inputs);
  const History before_loading;
  ours.claim();
  Network network(made.graph, {.precision = Precision::fp32}, native_device());
  network.wait_until_ready();
  ours.release();
  const History before_running;
  ours.claim();
  for (size_t i = 0; i < made.inputs.size(); ++i)
    network.write_input(static_cast<int>(i), made.inputs[i].values);
  network.run();
  for (size_t i = 0; i < want.size(); ++i)
    EXPECT_EQ(network.read_output(static_cast<int>(i)), want[i].values);
  EXPECT_EQ(glGetError(), static_cast<GLenum>(GL_NO_ERROR));
}

TEST(GlState, IsLeftAsItBegins) {
  native_device();
  GlState ours;
  ours.claim();
  const GraphCase made = graph_of(network_cases().front());
  run_on_device(made.graph, made.inputs);
  ours.release();
  EXPECT_FALSE(glIsEnabled(GL_SCISSOR_TEST));
  EXPECT_TRUE(glIsEnabled(GL_DITHER));
  for (const GLenum name : {GL_CURRENT_PROGRAM, GL_VERTEX_ARRAY_BINDING, GL_DRAW_FRAMEBUFFER_BINDING}) {
    GLint value = -1;
    glGetIntegerv(name, &value);
    EXPECT_EQ(value, 0) << name;
  }
  ours.claim();  // for the other tests
}

}  // namespace
}  // namespace fragnet
