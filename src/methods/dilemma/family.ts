import type { MethodDescription } from '../description.ts'

/** The family of the hosts: each is a method of its own, and DILEMMA is a layer on it. */
const dilemmaFamily: NonNullable<MethodDescription['family']> = {
  name: 'DILEMMA',
  help: 'Tells the student wrong places for some of the patches that it sees, and has it find them out. It comes on top of another method, its host, which trains as it would without: switch DILEMMA off to get the host alone.',
  paper: {
    title: 'Representation Learning by Detecting Incorrect Location Embeddings',
    authors: 'Sameni, Jenni, Favaro',
    venue: 'AAAI 2023',
    url: 'https://arxiv.org/abs/2204.04788',
  },
}

/** What the descriptions of all hosts say. */
export const hostTraits = {
  family: dilemmaFamily,
  hasTokens: () => true,
  hasPlaces: ({ dilemma }) => Boolean(dilemma),
  patchSize: ({ patchSize }) => Number(patchSize),
} satisfies Partial<MethodDescription>
