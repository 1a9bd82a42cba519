import type { MethodDescription } from '../description.ts'

/** What the hosts of DILEMMA have in common: each is a method of its own, and DILEMMA is a layer on it. */
export const dilemmaFamily: NonNullable<MethodDescription['family']> = {
  name: 'DILEMMA',
  help: 'Tells the student wrong places for some of the patches that it sees, and has it find them out. It comes on top of another method, its host, which trains as it would without: switch DILEMMA off to get the host alone.',
  paper: {
    title: 'Representation Learning by Detecting Incorrect Location Embeddings',
    authors: 'Sameni, Jenni, Favaro',
    venue: 'AAAI 2023',
    url: 'https://arxiv.org/abs/2204.04788',
  },
}
