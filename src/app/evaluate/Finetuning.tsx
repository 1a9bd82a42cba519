import { EvaluationHead } from './EvaluationHead.tsx'

/** What pretraining is worth when labels are few. */
export function Finetuning() {
  return (
    <EvaluationHead
      kind="finetune"
      action="Fine-tune"
      settings="Fine-tuning"
      request={(representation) => ({ kind: 'finetune', representation })}
    >
      The whole network goes on learning with labels, from its pretrained weights and, for
      comparison, from its initial ones. The run itself stays as it is.
    </EvaluationHead>
  )
}
