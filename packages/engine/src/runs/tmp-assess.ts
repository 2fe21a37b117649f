export const assessControls = (..._: unknown[]): readonly never[] => [];
export const nearMisses = (..._: unknown[]): readonly never[] => [];
