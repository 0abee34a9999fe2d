"""What Hark says around the questions, in every conversation alike. The questions themselves are in `definitions/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.values.promises import promise
from flows.values.text import Text

# Keys
NEXT = Text("Next")
DONE = Text("Done")
SKIP = Text("Skip")
BACK = Text("Back")
HELP = Text("Help now")
MORE = Text("More")
CARRY_ON = Text("Carry on")
START_NEW = Text("Start new")
SEND = Text("Send it to this person", plural="Send it to these {count} people")
ENOUGH = Text("That is enough")
READ_THROUGH = Text("Read through and change")
NOT_SURE = Text("Not sure")
TRY_AGAIN = Text("Try again")
GO_ON = Text("Go on")
LEAVE = Text("Leave quickly")
START_AGAIN = Text("Start again")
LANGUAGES = Text("Languages")
PRIVACY = Text("Privacy")
RETURN = Text("I have words to come back")
CHANGED = Text("What changed here")
TIDY = Text("Delete this chat")
NOTICE_ON = Text("Tell me when there is an update")
NOTICE_OFF = Text("No more update notices")
REWRITE = Text("Take back my words")
KEEP_WORDS = Text("Words to come back (keep this button)")
MORE_CHOICES = Text("More choices")
TICKED = Text("✓ {label}")
UNTICKED = Text("✗ {label}")
ALL_CHOICES = Text("Back to the first choices")

# Who is writing
GREETING = Text("Hello. You can write in any language.")
WHO = Text("Who is writing?")
PRACTICE = Text("This is for practice only. Nobody acts on what you write here.")
SLOW = Text("At the moment it may take longer until a person reads this.")
SLOW_SEND = Text("You can still write and send. If you do not want to wait, please talk to someone now.")
UNDER_12 = Text("I am under 12")
TEENAGER = Text("I am 12 to 17")
PARENT = Text("I am a parent or carer")
STAFF = Text("I work here")
CHOOSE_LANGUAGE = Text("Which language shall we use?")

# Coming back
WELCOME_BACK = Text("Hello again. Would you like to carry on or start new?")
SAVED = Text("saved, not shown")
SKIPPED = Text("skipped")

# Kind words
OLD_SCREEN = Text("That button was from an earlier message. Here is where we are now.")
TAP_PLEASE = Text("Thank you. Please tap one of the buttons here.")
WORDS_KEPT = Text("Thank you. We kept what you wrote.")
WORDS_PASSED_ON = Text("Thank you. We added what you wrote.")
WAS_ADDED = Text("Your last message was added. Open it with your words to go on.")
WORDS_PLEASE = Text("Please write a few words first.")
HEARD_WORDS = Text("Thank you. Write more, or tap Done.")
HEARD_AND_CLEARED = Text("Thank you. We keep your words, and take them off this screen. Write more, or tap Done.")
PASSED_ON_AND_CLEARED = Text("Thank you. We added what you wrote, and take it off this screen.")
FULL = Text("You have written a lot. Your last message did not fit, so I did not keep it.")
FULL_SEND = Text("Please tap Done and send this. After that you can write the rest.")
HEARD_CHANGE = Text("Thank you. We took your change.")
TAKEN_BACK = Text("We took those words back. Please write again.")
ONLY_WORDS = Text("Thank you. We can only read words here.")
NO_VOICE = Text("Thank you. We cannot listen to messages here. Please write, or tap a button.")
NO_PICTURES = Text("Thank you. We do not look at pictures or films here. Please never send pictures of bodies.")
NO_FILES = Text("Thank you. We cannot open files here. Please write in your own words.")
#: What is answered to something that is not words, by the kind of it; `ONLY_WORDS` to any other kind.
NOT_WORDS: Final[Mapping[str, Text]] = {
    "voice": NO_VOICE,
    "photo": NO_PICTURES,
    "video": NO_PICTURES,
    "document": NO_FILES,
}

# Files, after sending, where a site takes them
SEND_FILE = Text("Send a file")
IS_ANYBODY_BARE = Text("Is anybody in it without clothes?")
YES = Text("Yes")
NO = Text("No")
DO_NOT_SEND = Text("Thank you for telling us. Please do not send it to anybody, not to us either.")
DO_NOT_SEND_ADULT = Text("Please do not send, copy or show it to anybody. The police can take it on.")
NOT_YOUR_FAULT = Text("It is not your fault.")
TELL_IN_WORDS = Text("You can tell us about it in words.")
SEND_ONE_NOW = Text("Please send one photo, PDF or voice message now. Use 📎 below. It can be up to 10 MB.")
WITHOUT_A_FILE = Text("Carry on without a file")
PIXELS_ALONE = Text("Of a photo we keep only what you see in it.")
A_VOICE_SHOWS = Text("A voice can show who you are. You can type instead.")
FILE_ADDED = Text("Thank you. We added your file. The people who read this can see it.")
FILE_CLEARED = Text("We took it off this screen.")
ASK_BEFORE_FILES = Text("We did not open what you sent. To send a file, first tap: Send a file.")
FILE_LARGE = Text("That file is too big. We did not keep it.")
FILE_KIND = Text("We can only take a photo, a PDF or a voice message. We did not keep this.")
FILE_BROKEN = Text("We could not read that photo. We did not keep it.")
FILE_LOST = Text("Your file did not arrive. You can try once more.")
NOTHING_TO_GO_BACK_TO = Text("This is the first question.")

# Where we are
STEP_OF = Text("{number}/{total}")
WHAT_NEXT = Text("What would you like to do?")

# Reading through
YOUR_ANSWERS = Text("This is what you have so far. Tap what you want to change.")
ANSWER_LINE = Text("{question}: {answer}")
CHANGE = Text("Change: {question}")
ASIDE = Text("You also wrote")

MORE_THAN_ONE = Text("You can choose more than one.")

# Readers
READER = Text("{name} · {title}")
PUT_BACK = Text("Tap a name to put that person back.")
SURE_AGAIN = Text("I am sure now")
WITHHELD = Text("{name} cannot read this until someone else has checked it.")
LET_IN = Text("Someone else has checked this. {name} can read it too now.")
ADDED = Text("{name} can read it too now.")
NAMED = Text("Your words may name {name}. If it is about this person, leave them out.")
UNSURE_NOTED = Text("You are not sure. So only the people named here will read it.")
NOBODY_LEFT = Text("Now nobody here can read this, so it was not sent. What you wrote is still here.")
NOBODY_HERE = Text("Nobody here can read messages at the moment. Nothing you write here would arrive.")
TURN_OUTSIDE = Text("You can still get help. You can turn to these people now.")
OUTSIDE_LINE = Text("{name} {phone}")

# Help
THANK_YOU = Text("Thank you for telling us.")
WORRIED = Text("We are worried about your safety. We may not read this straight away.")
WORRIED_FOR_A_CHILD = Text("We are worried that a child may not be safe. We may not read this straight away.")
TALK_NOW = Text("Please talk to a person now: call {emergency}.")
CALL_IF_DANGER = Text("If anyone is in danger now, call {emergency}.")
TALK_TO = Text("You can also talk to:")
HELPLINE_LINE = Text("{name}: {number}")
HELPLINE_HOURS = Text("{name}: {number} ({hours})")
HELPLINE_UNVERIFIED = Text("{name}: {number} (we could not check this number)")
ADDRESS_UNVERIFIED = Text("{name}: {number} (we could not check this address)")
TAKE_DOWN = Text("Here you can ask to have pictures taken down:")
#: The adult to find, for children and for adults: the first that can be kept is said.
FIND_ADULT = (
    promise("If you can, go to an adult you trust: {contact}, {room}.", "open", "contact", "room"),
    promise("If you can, go to an adult you trust: {contact}.", "open", "contact"),
    promise("If you can, go to an adult you trust. When {site} is open: {contact}, {room}.", "contact", "room"),
    promise("If you can, go to an adult you trust. When {site} is open: {contact}.", "contact"),
    promise("If you can, go to an adult you trust who does not work at {site}.", "about_staff"),
    promise("If you can, go to an adult you trust."),
)
FIND_CONTACT = (
    promise("You can also find {contact}, {room}.", "open", "contact", "room"),
    promise("You can also find {contact}.", "open", "contact"),
    promise("When {site} is open, you can also find {contact}, {room}.", "contact", "room"),
    promise("When {site} is open, you can also find {contact}.", "contact"),
    promise("You can also talk to someone you trust who does not work at {site}.", "about_staff"),
    promise("You can also talk to someone you trust."),
)
CARRY_ON_HERE = Text("You can carry on here too.")

# Sent
RECEIVED = Text("Thank you for telling us. We have what you sent.")
DESERVES_HELP = Text("Whatever has happened, you deserve help.")
RECEIVED_STAFF = Text("Thank you. We have received your record.")
#: By when it is read, by register; the last is said where no time can be held.
READ_BY_CHILD = (
    promise("A grown-up will read it {when}.", "open", "read"),
    promise("Nobody is reading just now. A grown-up will read it {when}.", "read"),
    promise("We cannot say when a grown-up will read it."),
)
READ_BY = (
    promise("An adult will read it {when}.", "open", "read"),
    promise("Nobody is reading just now. An adult will read it {when}.", "read"),
    promise("We cannot say when an adult will read it."),
)
READ_BY_STAFF = (
    promise("A person will read it {when}, by {time}.", "open", "read"),
    promise("Nobody is reading just now. A person will read it {when}, by {time}.", "read"),
    promise("We cannot say when a person will read it."),
)
TRYING_NOW = Text("We are trying to reach someone now. We cannot be sure when they see it.")
KEEP_THESE = Text("Keep these words to come back.")
FEW_MORE = Text("A few more questions can help. You can skip any.")
FEW_MORE_STAFF = Text("A record needs a few more things. You can add them in any order, or later.")
THREE_MORE = Text("Three more can help, or stop here.")
FEW_LEFT = Text("One or two more can help, or stop here.")
MORE_QUESTIONS = Text("Answer more questions")
TALK = Text("You can write more here at any time. Each message is added to what you sent.")
ALL_ASKED = Text("Thank you. Those were all the questions.")
GOOD_BYE = Text("That is fine. Nothing was sent, and nothing is kept. You can come back at any time.")

# Records
GAP = Text("Still open: {title}")
FILLED = Text("Filled in: {title}")
OPTIONAL_ITEM = Text("If you can: {title}")
GAPS = Text("Still open: {items}.")
NO_GAPS = Text("Nothing is missing. You can still change or add things.")
