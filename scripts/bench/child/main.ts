import { toFault } from '../../../src/errors.ts'
import { Answers } from './answers.ts'
import type { Question, Reply } from './protocol.ts'

const answers = new Answers()

async function reply(question: Question): Promise<Reply> {
  try {
    return { answer: await answers.to(question) }
  } catch (error) {
    return { fault: toFault(error) }
  }
}

process.on('message', (question: Question) => {
  void reply(question).then((message) => process.send!(message))
})
// Nobody asks any more.
process.on('disconnect', () => process.exit())
