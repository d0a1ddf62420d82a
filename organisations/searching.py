"""Finding opportunities by words, however they are written."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Concat

from engagement.folding import Fold, Values
from engagement.models import Field, Skill

from .models import Opportunity, OpportunityText, Organisation

# More words only make a question slow, not better.
MOST_WORDS = 6


def about(opportunities, text):
    """What a text, the field, a skill or the host speaks of: every word, each somewhere."""
    for word in text.split()[:MOST_WORDS]:
        opportunities = opportunities.filter(speaking_of(word))
    return opportunities


def speaking_of(word):
    folded = Fold(Value(word))
    german = SearchQuery(word, config="german")
    texts = OpportunityText.objects.filter(Q(folded__contains=folded) | Q(vector=german))
    fields = Field.objects.alias(folded=Fold(Values("names"))).filter(folded__contains=folded)
    hosts = Organisation.objects.alias(folded=Fold("name")).filter(folded__contains=folded)
    return Q(pk__in=texts.values("opportunity")) | Q(field__in=fields) | Q(host__in=hosts) | asking_for(called(folded))


def called(folded):
    """Skills with such a name, in any language, or such a synonym."""
    synonyms = Func("synonyms", Value(" "), function="array_to_string", output_field=TextField())
    return Skill.objects.alias(folded=Fold(Concat(Values("names"), synonyms))).filter(folded__contains=folded)


def asking_for(skills):
    needed, wished = Opportunity.skills_required.through, Opportunity.skills_wanted.through
    return Q(pk__in=needed.objects.filter(skill__in=skills).values("opportunity")) | Q(
        pk__in=wished.objects.filter(skill__in=skills).values("opportunity")
    )
