// OpenGL ES 3, natively and as WebGL2, and the few names of extensions that Fragnet uses.
#pragma once

// No function of OpenGL throws. Whoever calls one with objects alive needs no code then that takes them down.
#define GL_APICALL __attribute__((nothrow))
#include <GLES3/gl3.h>

namespace fragnet {

inline constexpr GLenum gl_completion_status = 0x91B1;  // KHR_parallel_shader_compile
inline constexpr GLenum gl_time_elapsed = 0x88BF;       // EXT_disjoint_timer_query(_webgl2)
inline constexpr GLenum gl_gpu_disjoint = 0x8FBB;

}  // namespace fragnet
