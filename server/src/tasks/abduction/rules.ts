/** Calls that are tried against an output at most: each is an execution, those of other tasks of the program apart. */
export const maxProbes = 32;
/** Of those, the share that gives the output must be lower. */
export const maxHitShare = 0.2;
