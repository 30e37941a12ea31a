// The texel at whole coordinates of a texture. BY_SAMPLER: by way of a sampler that takes the nearest, whose point is the
// texel's middle. Mesa's llvmpipe finds a texel so in half the instructions: in a plain fetch each fragment looks up the
// sizes of its own level of detail. `scale` is 1 / textureSize there, and without meaning elsewhere.
#if BY_SAMPLER
#define SCALE_OF(sampler) (1.0 / vec2(textureSize(sampler, 0).xy))
#define FETCH(sampler, at, scale) textureLod(sampler, (vec2(at) + 0.5) * (scale), 0.0)
#define FETCH_LAYER(sampler, at, layer, scale) textureLod(sampler, vec3((vec2(at) + 0.5) * (scale), layer), 0.0)
#else
#define SCALE_OF(sampler) vec2(0.0)
#define FETCH(sampler, at, scale) texelFetch(sampler, at, 0)
#define FETCH_LAYER(sampler, at, layer, scale) texelFetch(sampler, ivec3(at, layer), 0)
#endif
