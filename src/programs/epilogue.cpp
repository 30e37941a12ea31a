#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "programs/draft.hpp"

namespace fragnet {
namespace {

// A small texture that holds lists of one number for each channel, four a texel; a list begins a new row, and is folded
// into several where it is long. In 32 bits: an epsilon is nothing in 16.
struct ChannelConstants {
  static constexpr int max_width = 1024;
  int quads = 1;
  std::vector<float> texels = {};
  int rows = 0;
  std::string declarations = {}, loads = {};

  int width() const { return std::min(quads, max_width); }
  int rows_each() const { return (quads + max_width - 1) / max_width; }

  // Returns the variable that has the list's numbers for quad q, once they are loaded.
  std::string add(const std::vector<float>& values) {
    const int row = rows;
    rows += rows_each();
    texels.resize(static_cast<size_t>(rows) * static_cast<size_t>(width()) * 4);
    std::copy(values.begin(), values.end(), texels.begin() + static_cast<std::ptrdiff_t>(row) * width() * 4);
    const std::string name = text("constant", row / rows_each());
    declarations += "vec4 " + name + ";\n";
    loads += rows_each() == 1 ? text(" ", name, " = texelFetch(channels, ivec2(q, ", row, "), 0);")
                              : text(" ", name, " = texelFetch(channels, ivec2(q % ", max_width, ", ", row,
                                     " + q / ", max_width, "), 0);");
    return name;
  }
};

std::string unary_call(const Unary& unary) {
  const std::string call = "pw_" + name_of(unary.kind) + "(v";
  switch (unary.kind) {
    case UnaryKind::leaky_relu:
    case UnaryKind::elu:
    case UnaryKind::hard_sigmoid:
    case UnaryKind::clip:
      return text(call, ", ", glsl_float(unary.a), ", ", glsl_float(unary.b), ")");
    default:
      return call + ")";
  }
}

}  // namespace

void write_epilogue(Draft& draft) {
  const Picture out = draft.output().picture;
  ChannelConstants constants{.quads = draft.output().groups * draft.output().block.q};
  std::map<ValueId, std::string> tensors;  // operand → how it is read
  std::string body;
  for (const PointwiseStep& step : draft.node.epilogue) {
    if (const auto* unary = std::get_if<Unary>(&step.op)) {
      body += " v = " + unary_call(*unary) + ";";
      continue;
    }
    const ValueId id = draft.node.inputs[static_cast<size_t>(step.operand)];
    const Value& operand = draft.graph.values[static_cast<size_t>(id)];
    std::string other;
    switch (operand_form(operand)) {
      case OperandForm::scalar:
        other = "vec4(" + glsl_float(to_floats(*operand.constant)[0]) + ")";
        break;
      case OperandForm::channels:
        other = constants.add(to_floats(*operand.constant));
        break;
      case OperandForm::tensor: {
        std::string& read = tensors[id];
        if (read.empty()) {
          const std::string number = std::to_string(tensors.size() - 1);
          bind_tensor(draft, "operand" + number, "OPERAND" + number, id);
          read = fetch_broadcast("operand" + number, "OPERAND" + number, as_picture(operand.shape), out);
        }
        other = read;
        break;
      }
    }
    const std::string name = "pw_" + name_of(std::get<Binary>(step.op).kind);
    body += step.operand_first ? text(" v = ", name, "(", other, ", v);")
                               : text(" v = ", name, "(v, ", other, ");");
  }
  // The channels after the last one stay zero: a reader multiplies them by zero weights, and 0 × infinity is
  // not 0.
  if (const int tail = out.c % 4; tail != 0) {
    const char* const masked[] = {"", "vec4(v.x, 0.0, 0.0, 0.0)", "vec4(v.xy, 0.0, 0.0)", "vec4(v.xyz, 0.0)"};
    const char* const last_quad = out.c < 4 ? "" : " if (q == OUTPUT.extent.w >> 2)";
    body += text(last_quad, " v = ", masked[tail], ";");
  }
  define(draft, "EPILOGUE", body);
  define(draft, "LOAD_CONSTANTS", constants.loads);
  if (constants.rows > 0) {
    draft.declarations += "uniform sampler2D channels;\n" + constants.declarations;
    bind_image(draft,
               image_of_floats("channels", constants.width(), constants.rows, std::move(constants.texels)));
  }
}

}  // namespace fragnet
