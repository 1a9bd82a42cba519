/** Said wherever a default fills a gap: the supplement holds optimiser tables, patch sizes and the sampling of blobs. */
export const UNREAD = 'The paper’s supplement, which we could not read, may say otherwise.'
