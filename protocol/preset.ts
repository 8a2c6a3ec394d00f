import { z } from 'zod';

/** A named set of choices of self-play (docs/self-play.md, "Presets"). */
export const PresetName = z.enum(['autodidact', 'diverse', 'absolute-zero', 'agent0']);
export type PresetName = z.infer<typeof PresetName>;

/**
 * How advantages are made from a group's rewards. The trainer computes them; records carry the name.
 * - `leave-one-out`: a sample's reward minus the mean of its siblings' (RLOO: Ahmadian et al., arXiv 2402.14740).
 * - `trr++`: rewards normalised by mean and deviation of their cell, six of them (Absolute Zero, arXiv 2505.03335, section 3.3.5).
 * - `adpo`: the group's normalised reward; where the label is a majority, scaled by s(p̂) and clipped above by ε(p̂) (Agent0,
 *   arXiv 2511.16043). p̂ is the part `agreement` of each attempt's reward.
 */
export const Estimator = z.enum(['leave-one-out', 'trr++', 'adpo']);
export type Estimator = z.infer<typeof Estimator>;
