// One network on one device: every contender in turn, round after round, then a visit of each that only counts.
import { layersOf, multiplyAdds, perFrame, pictureDifference, summarise } from './arithmetic.js';
import { sizes } from './peers.js';

/** The one whose picture and whose times the others are compared with. */
export const reference = 'tfjs-webgl';

// However slow a contender is, no frame of it begins later than that; and whoever has taken so long for a turn has had it.
const lastFrameSeconds = 12;
const longTurnSeconds = 120;
const layerTimings = 3; // a round

/**
 * @param {import('./stage.js').Stage} stage
 * @param {'small' | 'medium' | 'large'} size
 * @param {object} model as models.js makes it
 * @param {Record<string, { title: string, kind: string, settings: object }>} contenders
 * @param {{ rounds: number, seconds: number }} options
 * @param {(words: string) => void} say
 * @returns {Promise<import('./report.js').SizeResult>} what went wrong with a contender is in its entry
 */
export async function measure(stage, size, model, contenders, { rounds, seconds }, say) {
  const names = Object.keys(contenders);
  /** @type {Record<string, any>} */
  const found = Object.fromEntries(names.map((name) => [name, { visits: [] }]));
  const budget = { frames: 5, seconds, limit: Math.max(lastFrameSeconds, seconds) };

  // A contender that fails has no further turns.
  const attempt = async (name, act) => {
    const entry = found[name];
    if (entry.error || entry.isDone) return;
    const { kind, settings } = contenders[name];
    const start = Date.now();
    try {
      await act(entry, { kind, settings, model });
    } catch (error) {
      entry.error = error.message;
      say(`  ${contenders[name].title}: ${error.message}`);
    }
    entry.isDone = Date.now() - start > 1000 * longTurnSeconds;
  };

  for (let round = 0; round < rounds; round++)
    // Each round begins with another contender, so that none always has the warmer machine.
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length];
      await attempt(name, async (entry, order) => {
        const whole = { ...order, budget, picture: round === 0, layers: layerTimings };
        const { result, sent } = await stage.play('visit', whole);
        entry.visits.push(result);
        entry.sent ??= sent;
        const { frameMs, firstFrameMs } = summarise([result]);
        const times = `${frameMs.toFixed(1)} ms a frame, ${Math.round(firstFrameMs)} ms to the first`;
        say(`  round ${round + 1}: ${contenders[name].title}, ${times}`);
      });
    }
  for (const name of names)
    await attempt(name, async (entry, order) => {
      entry.count = (await stage.play('count', order)).result;
    });

  const picture = found[reference]?.visits[0]?.picture;
  const entries = names.map((name) => [name, figuresOf(found[name], picture)]);
  return { multiplyAdds: multiplyAdds(sizes[size]), contenders: Object.fromEntries(entries) };
}

/** What there is to say of a contender: figures first, then all that was measured. */
function figuresOf({ visits, count, sent, error }, picture) {
  if (visits.length === 0) return { error };
  const [first] = visits;
  return {
    ...(error && { error }),
    ...summarise(visits),
    ...(count && perFrame(count)),
    pictureDifference: picture && first.picture ? pictureDifference(first.picture, picture) : null,
    sent,
    layers: layersOf(visits),
    visits: visits.map(({ picture: _, ...visit }) => visit),
    count,
  };
}
