#version 300 es
// Two triangles, of which one is drawn, see src/runtime/draw_rectangle.hpp; no attributes. The first one covers the viewport
// and reaches out of it, the second one covers half of it.
void main() {
  float far = gl_VertexID < 3 ? 3.0 : 1.0;
  int corner = gl_VertexID % 3;
  gl_Position = vec4(corner == 1 ? far : -1.0, corner == 2 ? far : -1.0, 0.0, 1.0);
}
