#include <map>

#include "base/error.hpp"
#include "programs/draft.hpp"

namespace fragnet {
namespace {

// The rows of a small texture that hold one number for each channel, four a texel.
struct ChannelConstants {
  int quads = 1;
  std::vector<float> texels;
  int rows = 0;

  int add(const std::vector<float>& values) {
    texels.resize(texels.size() + static_cast<size_t>(quads) * 4);
    float* row = texels.data() + static_cast<size_t>(rows) * static_cast<size_t>(quads) * 4;
    std::copy(values.begin(), values.end(), row);
    return rows++;
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
      case OperandForm::channels: {
        const int row = constants.add(to_floats(*operand.constant));
        other = text("texelFetch(channels, ivec2(q, ", row, "), 0)");
        break;
      }
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
  if (const int tail = out.c % 4; tail != 0 && !draft.node.epilogue.empty()) {
    const char* const masked[] = {"", "vec4(v.x, 0.0, 0.0, 0.0)", "vec4(v.xy, 0.0, 0.0)", "vec4(v.xyz, 0.0)"};
    body += text(" if (q == ", draft.output().quads() - 1, ") v = ", masked[tail], ";");
  }
  define(draft, "EPILOGUE", body);
  if (constants.rows > 0) {
    draft.declarations += "uniform sampler2D channels;\n";
    bind_image(draft, {"channels", constants.quads, constants.rows, std::move(constants.texels)});
  }
}

}  // namespace fragnet
