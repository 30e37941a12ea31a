#version 300 es
// One triangle that covers half of the viewport, see src/runtime/draw_rectangle.hpp; no attributes.
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 1.0 : -1.0, gl_VertexID == 2 ? 1.0 : -1.0, 0.0, 1.0);
}
