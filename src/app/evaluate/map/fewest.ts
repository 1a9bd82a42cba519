/** Fewest images of which a UMAP layout makes sense. */
export const FEWEST_IMAGES = 4
