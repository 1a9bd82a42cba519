/** What the preset `tiny` of every method evaluates with: few images, so that it takes moments without a GPU. */
export const tinyEvaluation = {
  knnBank: 1000,
  knnTest: 500,
  probeTrain: 2000,
  probeTest: 2000,
  robustnessTest: 500,
  detectionTest: 500,
  shapesTrain: 1000,
  shapesTest: 500,
  interactionGrid: '4',
  interactionImages: 4,
  interactionPairs: 4,
  interactionContexts: 8,
} as const
