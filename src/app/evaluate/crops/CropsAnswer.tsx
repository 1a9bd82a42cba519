import { Slider } from '@mantine/core'
import { useState } from 'react'
import { formatNumber } from '../../../settings/format.ts'
import type { RecordOf } from '../../../store/evaluations.ts'
import { useSession, useThumbnail } from '../../../store/hooks.ts'
import { addressText } from '../neighbours/words.ts'
import { useSubject } from '../useEvaluation.ts'
import { CropList } from './CropList.tsx'
import classes from './crops.module.css'
import results from '../results.module.css'
import { FramedImage } from './FramedImage.tsx'
import { RankCurve } from './RankCurve.tsx'
import { cropText, spreadText } from './words.ts'

interface CropsAnswerProps {
  readonly record: RecordOf<'crops'>
  /** Another answer is being sought: this one stays until it is there. */
  readonly isOld: boolean
}

/** The query beside the other image, and the crops of that from the most to the least like the query. */
export function CropsAnswer({ record, isOld }: CropsAnswerProps) {
  const { query, among, crops, representation } = record.result
  const [rank, setRank] = useState(0)
  const queryName = addressText(query, useThumbnail(query)?.label)
  const amongName = addressText(among, useThumbnail(among)?.label)
  const { representations } = useSubject()
  const now = useSession((state) => state.run.step)
  const known = representations.find(({ id }) => id === representation)
  const last = crops.length - 1
  return (
    <section
      className={results.answer}
      aria-label={`Crops of ${amongName}, by their likeness to ${queryName}`}
      aria-busy={isOld}
      data-testid="crops-answer"
    >
      <div className={classes.pair}>
        <FramedImage image={query} name={queryName} box={query.box} caption="Looked for" />
        <FramedImage
          image={among}
          name={amongName}
          box={crops[rank]!.box}
          caption={rank === 0 ? 'The best crop' : `Crop ${rank + 1}`}
        />
        <div className={classes.ranking}>
          <p className={classes.facts}>
            {known?.label ?? representation}, features of step {formatNumber(record.step)}
            {now > record.step && `; training is at step ${formatNumber(now)}`}.{' '}
            <span data-testid="crops-spread">{spreadText(crops)}</span>
          </p>
          <RankCurve crops={crops} rank={rank} />
          <Slider
            size={4}
            thumbSize={14}
            label={null}
            min={0}
            max={last}
            value={rank}
            onChange={setRank}
            thumbLabel="Rank of the crop"
            thumbValueText={(at) => `${at + 1} of ${crops.length}`}
            thumbProps={{ 'data-testid': 'crops-rank' } as React.ComponentProps<'div'>}
          />
          <p className={classes.readout} aria-live="polite" data-testid="crops-readout">
            {cropText(crops, rank)}
          </p>
        </div>
      </div>
      <div className={classes.lists}>
        <CropList
          title="Most like the query"
          {...{ among, crops, rank }}
          from={0}
          onChoose={setRank}
        />
        <CropList
          title="Least like the query"
          {...{ among, crops, rank }}
          from={Math.max(0, crops.length - 8)}
          onChoose={setRank}
        />
      </div>
      <p className={classes.note}>
        Redrawn in our own way after a figure of the paper on extreme masking (arXiv 2206.04667):
        which crops, how many and how they are shown is our choice. They are drawn as for
        pretraining, of a fifth of the area or more, but not mirrored; the network sees each at full
        size.
      </p>
    </section>
  )
}
